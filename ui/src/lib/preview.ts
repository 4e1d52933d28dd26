// When steps would be due and would go. The core answers a question that is too long for an address,
// so its list of reads does not have it; it is shown like one.

import { commands } from "../bindings";
import { readOf } from "./live";

/** The triggers are part of what is asked: a plan that is changed is another question. */
export const usePreview = readOf("previewProtocol", ["patients", "settings"], commands.previewProtocol);
