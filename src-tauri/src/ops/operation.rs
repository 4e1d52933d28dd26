//! Operations called by JSON: the caller's right, the reading of the input, and a run to the end.

use std::{pin::Pin, sync::Arc};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{Caller, list::for_each_operation};
use crate::{
    core::{Core, Topic},
    domain::staff::Role,
    error::{Code, FieldProblem, Problem, Refusal, Result},
};

/// The answer as JSON text, written directly: a value tree of a thousand messages would take
/// megabytes.
pub type Running = Pin<Box<dyn Future<Output = Result<Vec<u8>>> + Send>>;

/// How soon a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Answered {
    /// From what the core knows.
    AtOnce,
    /// After LINE was asked, or a file was read.
    AtLength,
}

/// One operation, called by its JSON.
#[derive(Clone, Copy)]
pub struct Operation {
    /// The name: that of the TypeScript client in snake case.
    pub name: &'static str,
    /// `GET`, `POST`, `PATCH`, `PUT` or `DELETE`.
    pub method: &'static str,
    /// The path; the parts in braces are fields of the input.
    pub path: &'static str,
    /// The least role that may call it.
    pub role: Role,
    /// The HTTP status of an answer without a problem.
    pub status: u16,
    /// The topics whose change may change its answer; none for a write, nor for a question asked once.
    pub shows: &'static [Topic],
    /// How soon it is answered; `Some` only for a question that is no GET.
    pub asks: Option<Answered>,
    /// Its description, one sentence.
    pub(crate) doc: &'static str,
    /// The JSON Schema of its input.
    pub input: fn(&mut SchemaGenerator) -> Schema,
    /// The JSON Schema of its output.
    pub output: fn(&mut SchemaGenerator) -> Schema,
    /// The body; the input and the role have been checked.
    pub call: fn(Arc<Core>, Caller, Value) -> Running,
}

/// Every operation, in the order of the OpenAPI document.
pub fn operations() -> Vec<Operation> {
    use super::{
        Paged, activity, ahead, answers, assignments, backups, channel, coming_up, demo, drifting, erasure,
        failed, health, held, hours, imports, interactions, jobs, links, logs, media, messages, openings,
        patients, practice, practice_clock, practice_room, protocols, rich_menu, sending, settings,
        statistics, strangers, tasks, templates, timeline, timetables, today, uploads,
        wire::{Nothing, PageOf, check},
        workers, worklist,
    };
    use crate::line::sandbox::Fault;

    macro_rules! rows {
        ($($name:ident $method:ident $path:literal $role:ident $status:literal
            $(shows[$($topic:ident),*])? $(asks[$answered:ident])? =>
            $module:ident :: $function:ident ($input:ty) -> $output:ty, $doc:literal;)*) => {
            vec![$(Operation {
                name: stringify!($name),
                method: stringify!($method),
                path: $path,
                role: Role::$role,
                status: $status,
                shows: &[$($(Topic::$topic),*)?],
                asks: None$(.or(Some(Answered::$answered)))?,
                doc: $doc,
                input: schema::<$input>,
                output: schema::<$output>,
                call: |core, who, input| Box::pin(async move {
                    allow(&who, Role::$role)?;
                    let input = read::<$input>(input)?;
                    check(&input, core.now())?;
                    let begun = Arc::clone(&core);
                    let act = async move { $module::$function(&begun, &who, input).await };
                    write(&to_end(&core, stringify!($method), act).await?)
                }),
            }),*]
        };
    }
    for_each_operation!(rows)
}

/// # Errors
/// 403 where the caller has less than the role `least`.
pub(crate) fn allow(who: &Caller, least: Role) -> Result<()> {
    if who.role >= least {
        return Ok(());
    }
    let refusal = if least == Role::Admin { Refusal::NeedsAdmin } else { Refusal::NeedsOperator };
    let detail = format!("this needs the role {least}; yours is {}", who.role);
    Err(Problem::new(Code::Forbidden, detail).because(refusal))
}

/// Runs an operation. One that writes runs on a task of its own, so that it ends even when its
/// caller is gone: a closed browser, a timeout.
///
/// # Errors
/// The errors of the operation.
pub(crate) async fn to_end<T: Send + 'static>(
    core: &Core,
    method: &str,
    act: impl Future<Output = Result<T>> + Send + 'static,
) -> Result<T> {
    if method == "GET" {
        return act.await;
    }
    let done = core.acts.spawn(act).await.map_err(|e| Problem::internal("an operation", e))?;
    if done.as_ref().is_err_and(|problem| problem.code == Code::Unavailable) {
        core.write_bell.notify_one();
    }
    done
}

fn schema<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

/// # Errors
/// 400 with the field that is missing, unknown or of another type.
pub(crate) fn read<T: DeserializeOwned>(input: Value) -> Result<T> {
    serde_path_to_error::deserialize(input).map_err(|error| {
        let field = match error.path().to_string() {
            path if path == "." => "body".to_owned(),
            path => path,
        };
        let message = error.into_inner().to_string();
        let mut problem = Problem::new(Code::InvalidInput, format!("{field}: {message}"));
        problem.errors.push(FieldProblem::malformed(field, message));
        problem
    })
}

fn write<T: Serialize>(output: &T) -> Result<Vec<u8>> {
    serde_json::to_vec(output).map_err(|e| Problem::internal("writing an answer", e))
}
