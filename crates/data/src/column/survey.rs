//! First pass: looks at every cell of a column and decides its type.

use jinsheng_core::Unit;

use super::odd::Oddities;
use super::{ColumnHead, clip, holds_codes, holds_dates, holds_ids};
use crate::value::{
    Cell, Missing, Number, Row, compact_date, is_infinite, missing, read_date, read_number, read_timestamp,
    trim,
};
use crate::value::{DateRead, MAX_DIGITS, TimeRead};
use crate::{ColumnKind, Note};

const MICROS_PER_DAY: i64 = 86_400_000_000;
/// Integers of one width from here on are codes: no amount in 元 has fifteen digits, card and identity numbers do.
const LONG_CODE: u32 = 15;
/// So many values that all are days convince without a word in the header.
const MANY_DATES: u64 = 10;

/// What was seen of a column.
#[derive(Default)]
pub(crate) struct Survey {
    /// Always missing.
    missing: u64,
    /// Missing if the rest are numbers or dates.
    soft_missing: u64,
    numbers: u64,
    typed_numbers: u64,
    floats: u64,
    percents: u64,
    leading_zeros: u64,
    integer_digits: u32,
    scale: u16,
    tight_scale: u16,
    beyond_i64: bool,
    too_many_digits: u64,
    compact_dates: u64,
    width_min: Option<u32>,
    width_max: u32,
    odd_width: bool,
    not_bits: bool,
    dates: u64,
    ambiguous_dates: u64,
    timestamps: u64,
    not_midnight: bool,
    zone: Option<Option<i32>>,
    mixed_zones: bool,
    cut: bool,
    booleans: u64,
    words: u64,
    verbatim: u64,
    odd: Oddities,
    unreadable: u64,
    example_word: Option<(String, u64)>,
    example_unreadable: Option<(String, u64)>,
}

/// How the cells of a column become values in the second pass.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) kind: ColumnKind,
    /// Words that are missing among numbers are missing here.
    pub(crate) soft_missing: bool,
    /// Eight digits are a day.
    pub(crate) compact_dates: bool,
    /// Unit found in the cells.
    pub(crate) unit: Option<Unit>,
    pub(crate) notes: Vec<Note>,
}

impl Survey {
    /// Looks at one cell.
    pub(crate) fn add(&mut self, cell: &Cell<'_>, row: &dyn Row) {
        match cell {
            Cell::Missing => self.missing += 1,
            Cell::Text(text) => self.add_text(text, row),
            Cell::Verbatim(text) => {
                if trim(text).is_empty() {
                    self.missing += 1;
                } else {
                    self.verbatim += 1;
                }
            }
            Cell::Integer(value) => self.add_typed(Number::whole(i128::from(*value))),
            Cell::Number(number) => self.add_typed(*number),
            Cell::Float(float) => self.add_float(Number::of_float(*float), *float, row),
            Cell::Single(float) => self.add_float(Number::of_single(*float), f64::from(*float), row),
            Cell::Percent(number) => {
                self.percents += 1;
                self.add_typed(*number);
            }
            Cell::Boolean(_) => self.booleans += 1,
            Cell::Date(_) => self.dates += 1,
            Cell::Timestamp(micros) => self.add_timestamp(TimeRead {
                micros: *micros,
                offset: None,
                cut: false,
            }),
            Cell::Unreadable(what) => {
                self.unreadable += 1;
                self.missing += 1;
                self.example_unreadable
                    .get_or_insert_with(|| (clip(what), row.line()));
            }
        }
    }

    fn add_float(&mut self, number: Option<Number>, float: f64, row: &dyn Row) {
        match number {
            Some(number) => {
                self.floats += 1;
                self.odd.float(number.integer_digits(), || number.text(), row);
                self.add_typed(number);
            }
            None if float.is_finite() => self.too_many_digits += 1,
            None => {
                self.odd.not_finite.add(&float.to_string(), row);
                self.missing += 1;
            }
        }
    }

    fn add_typed(&mut self, number: Number) {
        self.typed_numbers += 1;
        self.add_number(number);
    }

    fn add_number(&mut self, number: Number) {
        self.numbers += 1;
        self.integer_digits = self.integer_digits.max(number.integer_digits());
        if number.scale > self.scale {
            self.scale = number.scale;
        }
        if number.scale > self.tight_scale {
            self.tight_scale = self.tight_scale.max(number.tight().scale);
        }
        self.beyond_i64 |= i64::try_from(number.unscaled).is_err();
        self.not_bits |= !(number.unscaled == 0 || number.unscaled == 1) || number.scale > 0;
        if number.scale == 0 && number.unscaled >= 19_000_101 && compact_date(number.unscaled).is_some() {
            self.compact_dates += 1;
        }
    }

    fn add_text(&mut self, text: &str, row: &dyn Row) {
        let text = trim(text);
        match missing(text) {
            Missing::Yes => return self.missing += 1,
            Missing::AmongNumbers => {
                self.soft_missing += 1;
                if is_infinite(text) {
                    self.odd.not_finite.add(text, row);
                }
                return;
            }
            Missing::No => {}
        }
        if let Some(written) = read_number(text) {
            self.odd.number(&written, text, row);
            self.add_number(written.number);
            self.percents += u64::from(written.percent);
            self.leading_zeros += u64::from(written.leading_zero);
            if written.digits_only {
                self.width_min = Some(
                    self.width_min
                        .map_or(written.width, |width| width.min(written.width)),
                );
                self.width_max = self.width_max.max(written.width);
            } else {
                // A code that a spreadsheet rewrote says nothing of the width of the others.
                self.odd_width |= !written.exponent;
            }
            return;
        }
        if text.as_bytes().first().is_some_and(u8::is_ascii_digit) {
            match read_date(text) {
                Some(DateRead::Day(_)) => return self.dates += 1,
                Some(DateRead::Ambiguous) => return self.ambiguous_dates += 1,
                None => {}
            }
            if let Some(time) = read_timestamp(text) {
                return self.add_timestamp(time);
            }
        } else if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false") {
            return self.booleans += 1;
        }
        self.words += 1;
        self.odd.word(text, row);
        self.example_word.get_or_insert_with(|| (clip(text), row.line()));
    }

    fn add_timestamp(&mut self, time: TimeRead) {
        self.timestamps += 1;
        self.not_midnight |= time.micros.rem_euclid(MICROS_PER_DAY) != 0;
        self.cut |= time.cut;
        let zone = *self.zone.get_or_insert(time.offset);
        self.mixed_zones |= zone != time.offset;
    }

    /// Values that are no words that may be missing.
    fn values(&self) -> u64 {
        self.numbers
            + self.too_many_digits
            + self.dates
            + self.ambiguous_dates
            + self.timestamps
            + self.booleans
            + self.words
            + self.verbatim
    }

    /// True when all cells are numbers or dates although they are a header: the file may have none.
    pub(crate) fn looks_like_data(&self) -> bool {
        self.words == 0 && self.numbers + self.dates + self.timestamps > 0
    }

    /// Decides.
    pub(crate) fn plan(&self, head: &ColumnHead, label: &str, unit: Option<Unit>) -> Plan {
        let mut plan = Plan {
            kind: ColumnKind::Text,
            soft_missing: false,
            compact_dates: false,
            unit: None,
            notes: head.notes.clone(),
        };
        let values = self.values();
        if values == 0 {
            // Nothing but words that may be missing: they are.
            plan.soft_missing = true;
        } else if self.numbers + self.too_many_digits == values {
            self.plan_number(&mut plan, head, label, unit);
        } else if self.dates + self.timestamps == values && !self.mixed_zones {
            plan.soft_missing = true;
            let days = self.timestamps == 0 || (!self.not_midnight && self.zone == Some(None));
            plan.kind = if days {
                ColumnKind::Date
            } else {
                ColumnKind::Timestamp
            };
            if let Some(Some(minutes)) = self.zone {
                plan.notes.push(Note::Zone {
                    offset: zone_text(minutes),
                });
            }
            if self.cut {
                plan.notes.push(Note::CutToMicroseconds);
            }
        } else if self.booleans == values {
            plan.soft_missing = true;
            plan.kind = ColumnKind::Boolean;
        } else {
            self.note_mixture(&mut plan, values, label, unit);
        }
        let not_finite = &self.odd.not_finite;
        // Among words `inf` is a word.
        if not_finite.cells > 0 && (plan.soft_missing || self.typed_numbers > 0) {
            plan.notes.push(Note::NotFinite {
                cells: not_finite.cells,
                example: not_finite.example.clone(),
                row: not_finite.row,
            });
        }
        let codes = holds_codes(label, unit) || self.leading_zeros > 0 || self.long_width(unit).is_some();
        if plan.kind == ColumnKind::Text && codes {
            plan.notes.extend(self.odd.damaged_codes());
        }
        if let Some((example, row)) = &self.example_unreadable {
            plan.notes.push(Note::Unreadable {
                cells: self.unreadable,
                example: example.clone(),
                row: *row,
            });
        }
        plan
    }

    fn plan_number(&self, plan: &mut Plan, head: &ColumnHead, label: &str, unit: Option<Unit>) {
        let whole = self.tight_scale == 0;
        if holds_codes(label, unit) && whole {
            plan.notes.push(Note::CodeHeader);
            if self.typed_numbers > 0 && !holds_ids(label) {
                plan.notes.push(Note::ZerosMayBeLost {
                    width: self.integer_digits,
                });
            }
            return;
        }
        if self.leading_zeros > 0 {
            plan.notes.push(Note::LeadingZeros);
            return;
        }
        if let Some(width) = self.long_width(unit).filter(|_| !self.odd_width) {
            plan.notes.push(Note::LongDigits { width });
            return;
        }
        if self.percents > 0 {
            if self.percents < self.numbers {
                plan.notes.push(Note::MixedPercent {
                    percent: self.percents,
                    plain: self.numbers - self.percents,
                });
                return;
            }
            plan.unit = Some(Unit::PERCENT);
            plan.notes.push(Note::PercentSigns);
        }
        if self.too_many_digits > 0 || self.integer_digits > MAX_DIGITS {
            plan.notes.push(Note::TooManyDigits);
            return;
        }
        plan.soft_missing = true;
        if head.declared_boolean && !self.not_bits {
            plan.kind = ColumnKind::Boolean;
            return;
        }
        let days = self.compact_dates == self.numbers && self.scale == 0 && unit.is_none();
        if days && (holds_dates(label) || self.numbers >= MANY_DATES) {
            plan.kind = ColumnKind::Date;
            plan.compact_dates = true;
            return;
        }
        // `2012.0` is how programs write a whole number that they hold as a float.
        if whole && self.scale <= 1 && self.integer_digits <= 19 && !self.beyond_i64 {
            plan.kind = ColumnKind::Integer;
            return;
        }
        plan.kind = self.decimal();
    }

    /// The width of integers that are so long that they are codes, if they are of one width.
    fn long_width(&self, unit: Option<Unit>) -> Option<u32> {
        let width = self.width_min.filter(|width| *width == self.width_max);
        width.filter(|width| *width >= LONG_CODE && self.typed_numbers == 0 && unit.is_none())
    }

    /// True where commas are decimal points.
    pub(crate) fn has_decimal_commas(&self) -> bool {
        self.odd.has_decimal_commas()
    }

    /// What to say of commas that were read as thousands in a file whose commas are decimal points elsewhere.
    pub(crate) fn doubtful_groups(&self) -> Option<Note> {
        self.odd.doubtful_groups()
    }

    fn decimal(&self) -> ColumnKind {
        let digits = self.integer_digits.min(MAX_DIGITS);
        let scale = u32::from(self.scale).min(MAX_DIGITS - digits);
        let small = |value: u32| u8::try_from(value).unwrap_or(38);
        ColumnKind::Decimal {
            precision: small((digits + scale).max(1)),
            scale: small(scale),
        }
    }

    fn note_mixture(&self, plan: &mut Plan, values: u64, label: &str, unit: Option<Unit>) {
        let others = self.words + self.verbatim;
        if self.dates + self.timestamps == values {
            plan.notes.push(Note::MixedZones);
        } else if self.ambiguous_dates + self.dates == values {
            plan.notes.push(Note::AmbiguousDates);
        } else if self.odd.nearly_numbers() == others && self.numbers + others == values {
            // Codes may well be of this form.
            if !holds_codes(label, unit) {
                plan.notes.extend(self.odd.nearly_notes());
            }
        } else if let Some((example, row)) = &self.example_word
            && others < values
            && self.verbatim == 0
        {
            plan.notes.push(Note::MixedText {
                typed: values - others,
                others,
                example: example.clone(),
                row: *row,
            });
        }
    }
}

fn zone_text(minutes: i32) -> String {
    let sign = if minutes < 0 { '-' } else { '+' };
    let minutes = minutes.abs();
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}
