//! The `threadx` binary.
#[tokio::main]
async fn main() {
    let engine = threadx::Engine::builder().build().unwrap();
    for sql in std::env::args().skip(1) {
        match engine.sql(&sql).await {
            Ok(f) => {
                if let Err(e) = f.show().await {
                    eprintln!("{}", threadx::Error::from(e));
                }
            }
            Err(e) => eprintln!("error: {e}"),
        }
    }
}
