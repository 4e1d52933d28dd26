// The way to what mends a cause: where it is mended once for all, and where on the page of each
// patient.

import type { Cause } from "../../bindings";
import { LinkButton } from "../../components/links";
import { May } from "../../components/may";
import type { Label } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import type { Operation } from "../../lib/roles";

type Place = { label: Label; ask: Operation } & (
  | { to: "/settings" | "/patients" }
  | { to: "/follow-ups"; search: { status: "paused" } }
);

const RENEW: Place = { label: "Renew the token", ask: "update_settings", to: "/settings" };

/** Where it is mended for all messages at once. */
const FOR_ALL: Partial<Record<Cause, Place>> = {
  token_invalid: RENEW,
  not_allowed: { ...RENEW, label: "Check the connection" },
  unfilled: { ...RENEW, label: "Open Settings" },
  follow_up_paused: {
    label: "See the paused follow-ups",
    ask: "resume_assignment",
    to: "/follow-ups",
    search: { status: "paused" },
  },
};

/** What is done on the page of the patient. */
const OF_PATIENT: Partial<Record<Cause, { label: Label; ask: Operation }>> = {
  not_linked: { label: "Link now", ask: "make_link_code" },
  patient_unknown: { label: "Link now", ask: "make_link_code" },
  blocked: { label: "Look up the number", ask: "get_patient" },
  no_consent: { label: "Note the consent", ask: "update_patient" },
  patient_archived: { label: "Take back into care", ask: "update_patient" },
};

export function MendForAll({ cause }: { cause: Cause | null }) {
  const { t } = useWords();
  const place = cause && FOR_ALL[cause];
  if (!place) return null;
  const { label, ask, ...where } = place;
  return (
    <May ask={ask}>
      <LinkButton {...where} variant="default">
        {t(label)}
      </LinkButton>
    </May>
  );
}

export function MendOfPatient({
  cause,
  patientId,
  name,
}: {
  cause: Cause | null;
  patientId: string;
  name: string;
}) {
  const { t } = useWords();
  const mend = cause && OF_PATIENT[cause];
  if (!mend) return null;
  return (
    <May ask={mend.ask}>
      <LinkButton
        to="/patients/$id"
        params={{ id: patientId }}
        size="xs"
        variant="light"
        aria-label={t("{place}: {words}", { place: name, words: t(mend.label) })}
      >
        {t(mend.label)}
      </LinkButton>
    </May>
  );
}
