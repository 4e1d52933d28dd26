// What staff read for the names of the core: every state, cause, reason and act stands here once.
// A table over one of the core's types is whole, or it does not compile.

export * from "./activities";
export * from "./batches";
export * from "./messages";
export * from "./patients";
export * from "./people";
export * from "./plans";
export * from "./system";
export * from "./tables";
export * from "./worklist";
