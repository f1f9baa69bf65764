//! Conditions in CEL, with a third truth: *unknown*, because a fact is missing.
//!
//! CEL itself has it: an error is passed over where the other side of `||` is true or of
//! `&&` is false, so that a condition is unknown only where the missing fact matters.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use cel::common::ast::{CallExpr, EntryExpr, Expr, IdedExpr};
use cel::objects::Value;
use cel::{Context, ExecutionError, Program};
use serde::{Serialize, Serializer};
use serde_json::Value as Json;

use super::error::{PackError, Source};
use super::functions::{self, Asking};
use crate::actor::Stage;
use crate::facts::Unknown;

/// The longest condition, in bytes.
const LONGEST: usize = 4 << 10;
/// The most items that one condition may go over, all its loops together.
const STEPS: u64 = 50_000;
/// Counts the items of a list that a loop goes over.
const COUNTED: &str = "elevate.counted";

/// A condition or a list, ready to be asked.
#[derive(Debug, Clone)]
pub(super) struct Condition {
    program: Arc<IdedExpr>,
}

/// Why a condition gave nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Undecided {
    /// Evidence is missing.
    Unknown(Vec<Unknown>),
    /// The condition itself is at fault.
    Failed(String),
}

impl Condition {
    /// Reads a condition of an actor of some stage, that stands in a file at an offset.
    pub(super) fn parse(
        text: &str,
        stage: Stage,
        source: Source<'_>,
        offset: usize,
    ) -> Result<Self, PackError> {
        if text.len() > LONGEST {
            let what = format!("is longer than {LONGEST} bytes; make it two actors");
            return Err(source.error(offset, what));
        }
        let program = Program::compile(text).map_err(|errors| {
            let first = errors.errors.first();
            let inside = first.map_or(0, |error| at(text, error.pos));
            let what = first.map_or_else(String::new, |error| error.msg.clone());
            source.error(offset + 1 + inside, format!("is no condition: {what}"))
        })?;
        let references = program.references();
        for name in references.functions() {
            if let Some(what) = misplaced(name, stage) {
                return Err(source.error(offset + 1 + text.find(name).unwrap_or(0), what));
            }
        }
        let mut expression = program.expression().clone();
        count_loops(&mut expression);
        Ok(Self { program: Arc::new(expression) })
    }

    /// Whether it holds.
    pub(super) fn holds(
        &self,
        asking: &Asking<'_>,
        names: &[(&str, Json)],
    ) -> Result<bool, Undecided> {
        match self.value(asking, names)? {
            Value::Bool(holds) => Ok(holds),
            other => {
                Err(Undecided::Failed(format!("it is no condition but {:?}", other.type_of())))
            }
        }
    }

    /// The items of a list.
    pub(super) fn items(
        &self,
        asking: &Asking<'_>,
        names: &[(&str, Json)],
    ) -> Result<Vec<Json>, Undecided> {
        let value = self.value(asking, names)?;
        let json = value.json().map_err(|error| Undecided::Failed(error.to_string()))?;
        match json {
            Json::Array(items) => Ok(items),
            _ => Err(Undecided::Failed("`for_each` gives no list".to_owned())),
        }
    }

    fn value(&self, asking: &Asking<'_>, names: &[(&str, Json)]) -> Result<Value, Undecided> {
        let failed = |error: &dyn std::fmt::Display| Undecided::Failed(error.to_string());
        let mut context = Context::default();
        let missing: Arc<Mutex<Vec<Unknown>>> = Arc::default();
        functions::add(&mut context, asking, &missing).map_err(|error| failed(&error))?;
        let steps = Arc::new(AtomicU64::new(0));
        let counted = move |items: Value| -> Result<Value, ExecutionError> {
            let more = match &items {
                Value::List(list) => list.len(),
                Value::Map(map) => map.map.len(),
                _ => 0,
            } as u64;
            if steps.fetch_add(more, Ordering::Relaxed) + more > STEPS {
                return Err(ExecutionError::function_error(COUNTED, "it goes over too many items"));
            }
            Ok(items)
        };
        context.add_function(COUNTED, counted).map_err(|error| failed(&error))?;
        for (name, value) in names {
            let value = cel::to_value(Whole(value)).map_err(|error| failed(&error))?;
            context.add_variable_from_value(*name, value);
        }
        let value = Value::resolve(&self.program, &context);
        let missing = std::mem::take(&mut *missing.lock().unwrap_or_else(PoisonError::into_inner));
        value.map_err(|error| match &error {
            ExecutionError::FunctionError { message, .. } if message == functions::UNKNOWN => {
                Undecided::Unknown(missing)
            }
            _ => failed(&error),
        })
    }
}

/// Why an actor of this stage may not call this.
fn misplaced(name: &str, stage: Stage) -> Option<String> {
    if !functions::is_known(name) {
        let names = functions::NAMES.map(|(name, _)| name).join(", ");
        return Some(format!("there is no function {name}; there are {names}"));
    }
    (stage == Stage::Host && functions::needs_transaction(name)).then(|| {
        format!("{name} is known with the transaction; give the actor stage = \"transaction\"")
    })
}

/// JSON whose whole numbers are those of the language, which counts and compares with
/// signed ones alone.
pub(super) struct Whole<'a>(pub(super) &'a Json);

impl Serialize for Whole<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Json::Number(number) => match number.as_i64() {
                Some(whole) => to.serialize_i64(whole),
                None => number.serialize(to),
            },
            Json::Array(items) => to.collect_seq(items.iter().map(Whole)),
            Json::Object(fields) => {
                to.collect_map(fields.iter().map(|(name, value)| (name, Whole(value))))
            }
            other => other.serialize(to),
        }
    }
}

/// The offset of a line and column, both from 1.
fn at(text: &str, (line, column): (isize, isize)) -> usize {
    let (line, column) = (usize::try_from(line).unwrap_or(1), usize::try_from(column).unwrap_or(1));
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (before + column.saturating_sub(1)).min(text.len())
}

/// Has every loop count the items it goes over, before it does.
fn count_loops(expression: &mut IdedExpr) {
    match &mut expression.expr {
        Expr::Comprehension(each) => {
            let range = std::mem::take(&mut each.iter_range);
            let id = range.id;
            let call = CallExpr { func_name: COUNTED.to_owned(), target: None, args: vec![range] };
            each.iter_range = IdedExpr { id, expr: Expr::Call(call) };
            let parts =
                [&mut each.accu_init, &mut each.loop_cond, &mut each.loop_step, &mut each.result];
            parts.into_iter().for_each(count_loops);
            if let Expr::Call(call) = &mut each.iter_range.expr {
                call.args.iter_mut().for_each(count_loops);
            }
        }
        Expr::Call(call) => {
            call.target.iter_mut().for_each(|target| count_loops(target));
            call.args.iter_mut().for_each(count_loops);
        }
        Expr::List(list) => list.elements.iter_mut().for_each(count_loops),
        Expr::Map(map) => map.entries.iter_mut().for_each(|entry| match &mut entry.expr {
            EntryExpr::MapEntry(entry) => {
                count_loops(&mut entry.key);
                count_loops(&mut entry.value);
            }
            EntryExpr::StructField(field) => count_loops(&mut field.value),
        }),
        Expr::Select(select) => count_loops(&mut select.operand),
        Expr::Struct(_) | Expr::Ident(_) | Expr::Literal(_) | Expr::Unspecified => {}
    }
}
