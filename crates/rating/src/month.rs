//! One contract, one month.

use calendar::Calendar;
use money::{Money, MoneyError, allocate};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::charge::{Charge, Period, Piece, Segment, Share, Step, Unbilled, Why};
use crate::civil::Month;
use crate::days::{self, Span};
use crate::exact::sum;
use crate::fact::{Fact, Kind};
use crate::terms::{Contract, Line, Price, TimePrice};
use crate::time::{self, Pool};
use crate::{Inputs, Rated};

/// Where a contract's month is worked on.
pub(super) struct Bench<'a> {
    pub inputs: Inputs<'a>,
    pub contract: &'a Contract,
    pub calendar: &'a Calendar,
    pub month: Month,
    /// Every change of the contract's seats.
    pub seats: &'a [&'a Fact],
}

/// An entry, rounded up and drawn.
struct Entry<'a> {
    fact: &'a Fact,
    worked: Vec<Segment>,
    drawn_seconds: i64,
    charged: Vec<Piece>,
}

impl Bench<'_> {
    /// Charges what the contract is paid for by the day, and `work`, which is
    /// in order of time.
    pub fn charge(&self, work: &[&Fact], rated: &mut Rated) -> Result<(), MoneyError> {
        let mut pool = Pool { left_seconds: self.granted()? - self.drawn_before() };
        pool.left_seconds = pool.left_seconds.max(0);
        let mut entries: Vec<(&str, Entry<'_>)> = Vec::new();
        let mut units: Vec<(&str, &Fact)> = Vec::new();
        for fact in work {
            match self.place(fact) {
                Err(reason) => {
                    rated.unbilled.push(Unbilled {
                        fact: fact.id,
                        reason,
                        contract: Some(self.contract.id),
                        month: self.month,
                    });
                }
                Ok((line, Some(price))) => entries.push((&line.id, self.enter(fact, price, &mut pool))),
                Ok((line, None)) => units.push((&line.id, fact)),
            }
        }
        for line in &self.contract.lines {
            let charge = match &line.price {
                Price::Seat { monthly_minor, seats, .. } => {
                    self.by_day(line, "seat", *monthly_minor, &self.spans(&line.id, *seats))?
                }
                Price::Flat { monthly_minor } => self.by_day(line, "month", *monthly_minor, &self.whole())?,
                Price::Time(price) => self.by_time(line, price, of_line(&mut entries, &line.id))?,
                Price::Visit { each_minor } => {
                    self.by_unit(line, "visit", *each_minor, &of_line(&mut units, &line.id))?
                }
                Price::Ticket { each_minor } => {
                    self.by_unit(line, "ticket", *each_minor, &of_line(&mut units, &line.id))?
                }
            };
            rated.charges.extend(charge);
        }
        Ok(())
    }

    /// The line that bills `fact`, or why none does. Its price, if by time.
    fn place(&self, fact: &Fact) -> Result<(&Line, Option<&TimePrice>), Why> {
        if !self.contract.covers(fact.date(self.inputs.civil)) {
            return Err(Why::OutsideContract);
        }
        if !fact.billable {
            return Err(Why::NotBillable);
        }
        let sells = |line: &&Line| match (&line.price, fact.kind) {
            (Price::Time(price), Kind::Time) => price.work_type == fact.work_type,
            (Price::Visit { .. }, Kind::Visit) | (Price::Ticket { .. }, Kind::Ticket) => true,
            _ => false,
        };
        let line = self.contract.lines.iter().find(sells).ok_or(Why::NoPrice)?;
        match &line.price {
            Price::Time(_) if !time::lasts(fact) => Err(Why::NoDuration),
            Price::Time(price) => Ok((line, Some(price))),
            _ => Ok((line, None)),
        }
    }

    fn enter<'f>(&self, fact: &'f Fact, price: &TimePrice, pool: &mut Pool) -> Entry<'f> {
        let worked = time::cut(self.calendar, fact.started_at, fact.ended_at.unwrap_or(fact.started_at));
        let (drawn_seconds, charged) = pool.draw(time::rounded_up(&worked, price));
        Entry { fact, worked, drawn_seconds, charged }
    }

    fn by_day(
        &self,
        line: &Line,
        unit: &str,
        monthly_minor: i64,
        spans: &[Span],
    ) -> Result<Option<Charge>, MoneyError> {
        let (due_minor, mut steps) = days::price(spans, Money::new(monthly_minor, self.contract.currency), self.month)?;
        if self.adjusts() {
            let billed_minor = self.billed(&line.id);
            let net_minor = due_minor.checked_sub(billed_minor).ok_or(MoneyError::OutOfRange)?;
            steps.push(Step::Difference { due_minor, billed_minor });
            let charge = Charge { steps, unit_minor: net_minor, net_minor, ..self.blank(line, "adjustment") };
            return Ok((net_minor != 0).then_some(charge));
        }
        let unit_days = days::unit_days(spans);
        let period = spans
            .first()
            .zip(spans.last())
            .map(|(first, last)| Period { first: first.period.first, end: last.period.end });
        let quantity = Decimal::try_from_i128_with_scale(unit_days, 0).map_err(|_| MoneyError::OutOfRange)?
            / Decimal::from(self.month.days());
        let charge = Charge {
            quantity: quantity.round_dp(4).normalize(),
            unit_minor: monthly_minor,
            net_minor: due_minor,
            period,
            steps,
            ..self.blank(line, unit)
        };
        Ok((unit_days != 0).then_some(charge))
    }

    fn by_time(&self, line: &Line, price: &TimePrice, entries: Vec<Entry<'_>>) -> Result<Option<Charge>, MoneyError> {
        if entries.is_empty() {
            return Ok(None);
        }
        let weights = entries.iter().map(|entry| time::weight(&entry.charged, price)).collect::<Result<Vec<_>, _>>()?;
        let net_minor = time::cost(weights.iter().sum(), price)?;
        let seconds = entries.iter().flat_map(|entry| &entry.charged).map(|piece| piece.seconds).sum();
        let mut steps = vec![Step::Rate {
            hourly_minor: price.hourly_minor,
            after_hours_multiplier: price.after_hours_multiplier,
            minimum_minutes: price.minimum_minutes,
            step_minutes: price.step_minutes,
        }];
        let granted_seconds = self.granted()?;
        if granted_seconds > 0 {
            steps.push(Step::Pool { granted_seconds, drawn_before_seconds: self.drawn_before() });
        }
        let mut shares = Vec::with_capacity(entries.len());
        for (Entry { fact, worked, drawn_seconds, charged }, net_minor) in
            entries.into_iter().zip(self.split(net_minor, &weights)?)
        {
            steps.push(Step::Entry { fact: fact.id, worked, drawn_seconds, charged });
            shares.push(Share { fact: fact.id, ticket: fact.ticket_id, net_minor, drawn_seconds });
        }
        let quantity = time::hours(seconds);
        Ok(Some(Charge {
            quantity,
            unit_minor: price.hourly_minor,
            net_minor,
            steps,
            shares,
            ..self.blank(line, "hour")
        }))
    }

    fn by_unit(&self, line: &Line, unit: &str, each_minor: i64, facts: &[&Fact]) -> Result<Option<Charge>, MoneyError> {
        if facts.is_empty() {
            return Ok(None);
        }
        let mut steps = Vec::with_capacity(facts.len());
        let mut shares = Vec::with_capacity(facts.len());
        for fact in facts {
            let net_minor = each_minor.checked_mul(fact.quantity).ok_or(MoneyError::OutOfRange)?;
            steps.push(Step::Each { fact: fact.id, quantity: fact.quantity });
            shares.push(Share { fact: fact.id, ticket: fact.ticket_id, net_minor, drawn_seconds: 0 });
        }
        let quantity = Decimal::from(sum(facts.iter().map(|fact| fact.quantity))?);
        let net_minor = sum(shares.iter().map(|share| share.net_minor))?;
        Ok(Some(Charge { quantity, unit_minor: each_minor, net_minor, steps, shares, ..self.blank(line, unit) }))
    }

    fn blank(&self, line: &Line, unit: &str) -> Charge {
        Charge {
            contract: self.contract.id,
            line: line.id.clone(),
            description: line.display_name.clone(),
            month: self.month,
            quantity: Decimal::ONE,
            unit: unit.to_owned(),
            unit_minor: 0,
            net_minor: 0,
            tax_percent: self.contract.tax_percent.normalize(),
            period: None,
            steps: Vec::new(),
            shares: Vec::new(),
        }
    }

    /// The pool that the month's seats make, in seconds.
    fn granted(&self) -> Result<i64, MoneyError> {
        let pools = self.contract.lines.iter().filter_map(|line| match line.price {
            Price::Seat { seats, included_minutes, .. } => {
                Some(days::included(&self.spans(&line.id, seats), included_minutes, self.month))
            }
            _ => None,
        });
        sum(pools.collect::<Result<Vec<_>, _>>()?)
    }

    /// The entries' parts of a line's net; of nothing when the pool gave all.
    fn split(&self, net_minor: i64, weights: &[i128]) -> Result<Vec<i64>, MoneyError> {
        if weights.iter().all(|weight| *weight == 0) {
            return Ok(vec![0; weights.len()]);
        }
        let weights = weights.iter().map(|weight| u64::try_from(*weight)).collect::<Result<Vec<_>, _>>();
        let parts =
            allocate(Money::new(net_minor, self.contract.currency), &weights.map_err(|_| MoneyError::OutOfRange)?)?;
        Ok(parts.into_iter().map(Money::minor).collect())
    }

    fn drawn_before(&self) -> i64 {
        self.inputs.past.drawn.get(&(self.contract.id, self.month)).copied().unwrap_or_default()
    }

    fn billed(&self, line: &str) -> i64 {
        let key: (Uuid, String, Month) = (self.contract.id, line.to_owned(), self.month);
        self.inputs.past.billed.get(&key).copied().unwrap_or_default()
    }

    fn adjusts(&self) -> bool {
        self.month < self.inputs.month
    }

    fn spans(&self, line: &str, at_start: i64) -> Vec<Span> {
        days::covered(self.contract, self.month)
            .map_or_else(Vec::new, |period| days::seats(line, at_start, self.seats, period))
    }

    fn whole(&self) -> Vec<Span> {
        days::covered(self.contract, self.month).map(|period| Span { period, units: 1 }).into_iter().collect()
    }
}

fn of_line<T>(all: &mut Vec<(&str, T)>, line: &str) -> Vec<T> {
    all.extract_if(.., |(id, _)| *id == line).map(|(_, one)| one).collect()
}
