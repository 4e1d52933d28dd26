// What may go wrong at the practice LINE, as staff read it.

import type { FaultKind } from "../../bindings";
import type { Label } from "../../i18n";

export const FAULTS: Record<FaultKind, Label> = {
  none: "LINE works",
  server_error: "LINE is down (500)",
  rate_limit: "Too fast (429)",
  monthly_limit: "Monthly limit reached (429)",
  user_limit: "Too many to one patient (429)",
  latency: "Answers come late",
  reset: "The connection breaks",
  lost_answer: "The answer is lost after accepting",
  token_expired: "The token expired",
  unauthorized: "The token is not valid",
};
