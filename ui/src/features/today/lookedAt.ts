import { LIMITS } from "../../bindings";

/**
 * The newest plans, patients and follow-ups that are looked at for what was done here: what the demo
 * clinic has is nobody's doing. As many for each, so that the guides share what is read.
 */
export const LOOKED_AT = LIMITS.PageOf.limit.maximum;
