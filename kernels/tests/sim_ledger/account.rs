//! The money: cash, lots, and a row for everything that is booked.

use threadx_kernels::sim::{
    Direction, Liquidation, Lots, Margin, Options, Order, OrderStatus, Reason, Ruin, Side, SlippageOn,
};

/// A part of the position that was bought or sold short in one fill.
#[derive(Debug, Clone)]
pub struct Lot {
    pub bar: usize,
    pub price: f64,
    pub qty: f64,
    /// Entry fee that no trade has taken yet.
    pub fee: f64,
    pub leverage: f64,
    pub reason: Reason,
}

/// What is held.
#[derive(Debug, Clone)]
pub struct Holding {
    pub id: u64,
    pub direction: Direction,
    pub lots: Vec<Lot>,
    /// Funding and borrow that no trade has taken yet.
    pub cost: f64,
}

impl Holding {
    pub fn sign(&self) -> f64 {
        self.direction.sign()
    }

    pub fn qty(&self) -> f64 {
        self.lots.iter().map(|lot| lot.qty).sum()
    }

    /// What the lots were worth when they were filled.
    pub fn notional(&self) -> f64 {
        self.lots.iter().map(|lot| lot.qty * lot.price).sum()
    }

    pub fn margin(&self) -> f64 {
        self.lots.iter().map(|lot| lot.qty * lot.price / lot.leverage).sum()
    }

    /// All lots as one at the average price.
    fn averaged(&self) -> Lot {
        let (qty, fee) = (self.qty(), self.lots.iter().map(|lot| lot.fee).sum());
        Lot { qty, price: self.notional() / qty, fee, ..self.lots[0].clone() }
    }
}

/// A trade, as far as it is compared.
#[derive(Debug, Clone, Copy)]
pub struct Deal {
    pub position_id: u64,
    pub direction: Direction,
    /// Bars, prices and reasons of the entry and of the exit.
    pub bars: (usize, usize),
    pub prices: (f64, f64),
    pub reasons: (Reason, Reason),
    pub qty: f64,
    pub fees: f64,
    pub pnl: f64,
}

/// What an order is, for its slippage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    Entry,
    Exit,
    /// A stop or liquidation inside a bar.
    Stop,
    /// A target inside a bar.
    Target,
}

/// Where and why an order is filled or refused.
#[derive(Debug, Clone, Copy)]
pub struct At {
    pub bar: usize,
    /// With slippage.
    pub price: f64,
    pub reason: Reason,
    /// Whether it pays the fee of limit orders.
    pub is_limit: bool,
}

/// The account and its books.
pub struct Account<'a> {
    options: &'a Options,
    pub cash: f64,
    pub holding: Option<Holding>,
    pub is_ruined: bool,
    /// Whether the equity came to nothing so exactly that rounding decides about ruin.
    pub is_on_edge: bool,
    pub orders: Vec<Order>,
    pub deals: Vec<Deal>,
    pub fees: f64,
    pub funding: f64,
    pub borrow: f64,
    positions: u64,
}

impl<'a> Account<'a> {
    pub fn new(options: &'a Options) -> Self {
        Account {
            options,
            cash: options.initial_capital,
            holding: None,
            is_ruined: false,
            is_on_edge: false,
            orders: vec![],
            deals: vec![],
            fees: 0.0,
            funding: 0.0,
            borrow: 0.0,
            positions: 0,
        }
    }

    /// What would be left if everything were closed at this price, free of charge.
    pub fn equity(&self, price: f64) -> f64 {
        self.cash + self.holding.as_ref().map_or(0.0, |held| held.sign() * held.qty() * price)
    }

    /// Equity without the open profit.
    pub fn balance(&self) -> f64 {
        self.cash + self.holding.as_ref().map_or(0.0, |held| held.sign() * held.notional())
    }

    /// Looks whether an equity is nothing but rounding.
    pub fn watch_edge(&mut self, equity: f64) {
        self.is_on_edge |= equity.abs() < 1e-9 * self.options.initial_capital;
    }

    /// Fee as a fraction of notional.
    pub fn rate(&self, is_limit: bool) -> f64 {
        let maker = self.options.maker_fee_bps.unwrap_or(self.options.fee_bps);
        (if is_limit { maker } else { self.options.fee_bps }) * 1e-4
    }

    fn fee(&self, qty: f64, at: At) -> f64 {
        let per_unit = self.rate(at.is_limit) * at.price + self.options.fee_per_unit;
        let fee = per_unit * qty + self.options.fee_fixed;
        // A floor of 0 is none: a rebate is below it.
        if self.options.fee_min > 0.0 { fee.max(self.options.fee_min) } else { fee }
    }

    /// The notional that margin and fee leave room for. What is left of a balance that is all margin is rounding.
    pub fn room(&self, price: f64, leverage: f64, is_limit: bool) -> f64 {
        let balance = self.balance();
        let free = balance - self.holding.as_ref().map_or(0.0, Holding::margin);
        if free < 1e-9 * balance {
            return 0.0;
        }
        // Nobody lends on a rebate.
        let fee = (self.rate(is_limit) + self.options.fee_per_unit / price).max(0.0);
        let Options { fee_fixed, fee_min, .. } = self.options;
        ((free - fee_fixed) / (1.0 / leverage + fee)).min((free - fee_min) * leverage).max(0.0)
    }

    /// Pays funding, a fraction of the notional at this price; long positions pay where it is positive.
    pub fn pay_funding(&mut self, rate: f64, price: f64) {
        let sign = self.holding.as_ref().map_or(0.0, Holding::sign);
        self.funding += self.pay(sign * rate * price);
    }

    /// Pays what a short position borrows for a bar.
    pub fn pay_borrow(&mut self, price: f64) {
        let is_short = self.holding.as_ref().is_some_and(|held| held.direction == Direction::Short);
        if let Some(periods) = self.options.periods_per_year
            && is_short
        {
            self.borrow += self.pay(self.options.borrow_bps * 1e-4 / periods * price);
        }
    }

    fn pay(&mut self, per_unit: f64) -> f64 {
        let Some(held) = &mut self.holding else { return 0.0 };
        let cost = per_unit * held.qty();
        held.cost += cost;
        self.cash -= cost;
        cost
    }

    /// Opens a position or adds to it.
    pub fn open(&mut self, direction: Direction, qty: f64, leverage: f64, at: At) {
        let fee = self.fee(qty, at);
        self.cash -= direction.sign() * qty * at.price + fee;
        let lot = Lot { bar: at.bar, price: at.price, qty, fee, leverage, reason: at.reason };
        if let Some(held) = &mut self.holding {
            held.lots.push(lot);
        } else {
            self.positions += 1;
            self.holding = Some(Holding { id: self.positions, direction, lots: vec![lot], cost: 0.0 });
        }
        self.book(direction, side_that_opens(direction), (qty, fee), at);
    }

    /// Writes the trades of a position that stays open, as if it were closed free of charge.
    pub fn write_open(&mut self, at: At) {
        if let Some(held) = self.holding.clone() {
            self.write_deals(&held, (1.0, 0.0), at);
        }
    }

    fn write_deals(&mut self, held: &Holding, (part, fee): (f64, f64), at: At) {
        let lots = match self.options.lots {
            Lots::Averaged => vec![held.averaged()],
            Lots::Separate => held.lots.clone(),
        };
        for lot in &lots {
            let share = lot.qty / held.qty();
            let fees = lot.fee * part + fee * share;
            self.deals.push(Deal {
                position_id: held.id,
                direction: held.direction,
                bars: (lot.bar, at.bar),
                prices: (lot.price, at.price),
                reasons: (lot.reason, at.reason),
                qty: lot.qty * part,
                fees,
                pnl: held.sign() * (at.price - lot.price) * lot.qty * part - fees - held.cost * part * share,
            });
        }
    }

    /// Closes this much of the position. A loss beyond the equity is forgiven to the last trade.
    pub fn close(&mut self, qty: f64, at: At) {
        let mut held = self.holding.take().expect("a position to close");
        let (fee, part) = (self.fee(qty, at), qty / held.qty());
        let is_whole = part > 1.0 - 1e-12;
        self.cash += held.sign() * qty * at.price - fee;
        self.write_deals(&held, (part, fee), at);
        self.book(held.direction, side_that_closes(held.direction), (qty, fee), at);
        if is_whole {
            self.watch_edge(self.cash);
        }
        if is_whole && self.options.ruin == Ruin::Ignore {
            // Whatever is left, the run goes on.
        } else if is_whole {
            self.deals.last_mut().expect("a trade").pnl -= self.cash.min(0.0);
            self.is_ruined = self.cash <= 0.0;
            self.cash = self.cash.max(0.0);
        } else {
            for lot in &mut held.lots {
                lot.qty *= 1.0 - part;
                lot.fee *= 1.0 - part;
            }
            held.cost *= 1.0 - part;
            self.holding = Some(held);
        }
    }

    fn book(&mut self, direction: Direction, side: Side, (qty, fee): (f64, f64), at: At) {
        let At { bar, price, reason, .. } = at;
        self.fees += fee;
        let (notional, status) = (qty * price, OrderStatus::Filled);
        self.orders.push(Order { bar, side, qty, price, notional, fee, reason, status, direction });
    }

    /// Writes down an entry or add that is not filled.
    pub fn refuse(&mut self, direction: Direction, qty: f64, status: OrderStatus, at: At) {
        let At { bar, price, reason, .. } = at;
        let (notional, side) = (qty * price, side_that_opens(direction));
        self.orders.push(Order { bar, side, qty, price, notional, fee: 0.0, reason, status, direction });
    }

    /// Where what stands behind the position has fallen to the maintenance margin.
    pub fn liquidation(&self) -> Option<f64> {
        let held = self.holding.as_ref().filter(|_| self.options.liquidation == Liquidation::On)?;
        let behind = if self.options.margin == Margin::Isolated { held.margin() } else { self.balance() };
        // behind + d * (qty * Q - notional) = maintenance_margin * qty * Q
        let d = held.sign();
        let price = (d * held.notional() - behind) / (held.qty() * (d - self.options.maintenance_margin));
        let is_leveraged = held.lots.iter().any(|lot| lot.leverage > 1.0);
        (held.direction == Direction::Short || (is_leveraged && price > 0.0)).then_some(price)
    }

    /// The price of a market order, moved against the trader where this kind of order slips.
    pub fn slipped(&self, price: f64, side: Side, kind: Kind) -> f64 {
        let slips = match self.options.slippage_on {
            SlippageOn::MarketAndStop => kind != Kind::Target,
            SlippageOn::Market => matches!(kind, Kind::Entry | Kind::Exit),
            SlippageOn::Entry => kind == Kind::Entry,
            SlippageOn::All => true,
        };
        let slippage = if slips { self.options.slippage_bps * 1e-4 } else { 0.0 };
        match side {
            // A limit order fills at its price.
            _ if kind == Kind::Target && !slips => price,
            Side::Buy => self.to_tick(price * (1.0 + slippage), true),
            Side::Sell => self.to_tick(price * (1.0 - slippage), false),
        }
    }

    pub fn to_tick(&self, price: f64, up: bool) -> f64 {
        let tick = self.options.tick_size;
        if tick == 0.0 {
            return price;
        }
        let ticks = price / tick;
        (if up { (ticks - 1e-9).ceil() } else { (ticks + 1e-9).floor() }) * tick
    }

    pub fn to_lots(&self, qty: f64) -> f64 {
        let lot = self.options.lot_size;
        if lot == 0.0 { qty } else { (qty / lot + 1e-9).floor() * lot }
    }
}

pub fn side_that_opens(direction: Direction) -> Side {
    if direction == Direction::Long { Side::Buy } else { Side::Sell }
}

pub fn side_that_closes(direction: Direction) -> Side {
    if direction == Direction::Long { Side::Sell } else { Side::Buy }
}
