//! Sessions: settings, statements and embedding.

use threadx::Engine;

#[tokio::test]
async fn settings_can_be_changed_and_are_listed() {
    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::builder().data_dir(dir.path()).build().unwrap();
    engine.sql("SET threadx.fee_bps = 7.5").await.unwrap();
    let rows = engine.sql("SELECT value FROM settings() WHERE name = 'threadx.fee_bps'").await.unwrap();
    let text = rows.to_string().await.unwrap();
    assert!(text.contains("7.5"), "{text}");
}
