// Codes of slips. The core takes none but the latest of a patient: so a slip that is opened again has
// the code it had, or the one that was printed would be good no longer. What was read once is kept in
// this window, to say beforehand which slips are there.

import type { QueryClient } from "@tanstack/react-query";
import { commands, type LinkCode, type Patient } from "../../bindings";
import { clinicNow } from "../../lib/clock";
import { queryKey } from "../../lib/queryKey";
import { DAY_MS } from "../../lib/units";

type OfSlip = Pick<Patient, "id" | "updatedAt">;

// Whoever is linked by a code, or unlinked, is changed by that: the next slip has a new one.
const keyOf = ({ id, updatedAt }: OfSlip) => queryKey("slip", id, updatedAt);

/** Less than a day is too short a time for a slip that is handed out now. */
const MIN_LEFT_MS = DAY_MS;

const isGood = (code: LinkCode | null | undefined): code is LinkCode =>
  // Without its picture it is made anew: LINE may be asked again.
  !!code?.qrSvg && Date.parse(code.expiresAt) - clinicNow() > MIN_LEFT_MS;

/** The code that was seen here before, where it is still good. */
export function keptSlip(client: QueryClient, patient: OfSlip): LinkCode | undefined {
  const code = client.getQueryData<LinkCode>(keyOf(patient));
  return isGood(code) ? code : undefined;
}

/** The code of a patient's slip: the one of before, or a new one. */
export async function slipOf(client: QueryClient, patient: OfSlip): Promise<LinkCode> {
  const kept = keptSlip(client, patient);
  if (kept) return kept;
  const { current } = await commands.currentLinkCode({ id: patient.id });
  const code = isGood(current) ? current : await commands.makeLinkCode({ id: patient.id });
  client.setQueryDefaults(queryKey("slip"), { gcTime: Number.POSITIVE_INFINITY });
  client.setQueryData(keyOf(patient), code);
  return code;
}
