// What is known of a patient beside the name: the way to them, and what goes out next.

import { Anchor, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { Patient } from "../../bindings";
import { useClinic, useNow } from "../../components/clinic";
import { When } from "../../components/kit";
import { nameOfLocale } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { WAYS_TO_LINE } from "../../labels";
import { ageOn, birthday } from "../../lib/birth";
import { isoDay, longDay } from "../../lib/format";
import { whoIn } from "../../sayings";
import { toComeOf } from "./Coming";
import { useTimeline } from "./Timeline";

export function Facts({ patient: p }: { patient: Patient }) {
  const { t } = useWords();
  const born = useBorn(p.birthDate);
  const known = [
    p.nickname,
    p.reading,
    born,
    p.timeZone,
    ...p.tags,
    p.status === "archived" ? t("Archived") : null,
  ].filter(Boolean);
  return (
    <Stack gap={6}>
      <dl className="facts">
        {p.externalRef && <Fact term={t("Number")}>{p.externalRef}</Fact>}
        {p.phone && (
          <Fact term={t("Telephone")}>
            <Telephone phone={p.phone} uri={p.phoneUri} />
          </Fact>
        )}
        <Fact term={t("Language")}>{nameOfLocale(p.language)}</Fact>
        <Fact term="LINE">
          {p.lineUserId === null
            ? t("Not linked: messages wait until they are")
            : t(WAYS_TO_LINE[p.reachability])}
        </Fact>
        <Fact term={t("Consent")}>
          <Consent patient={p} />
        </Fact>
        <Fact term={t("Next message")}>
          <Next patient={p} />
        </Fact>
      </dl>
      {known.length > 0 && (
        <Text size="sm" c="dimmed">
          {known.join(" · ")}
        </Text>
      )}
      {p.note && (
        <Text size="sm" className="said">
          {p.note}
        </Text>
      )}
    </Stack>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** A field with two numbers has no link that dials: nobody knows which of them is meant. */
function Telephone({ phone, uri }: { phone: string; uri: string | null }) {
  if (!uri) return phone;
  return (
    <Anchor href={uri} inherit className="row-link">
      {phone}
    </Anchor>
  );
}

/** What goes out next, as the timeline has it. */
function Next({ patient }: { patient: Patient }) {
  const { t } = useWords();
  const { data, error } = useTimeline(patient.id);
  if (!data) return error ? t("Not known now") : "…";
  const [next] = toComeOf(data.first);
  if (!next) return t("Nothing is planned.");
  if (next.at === null) return t("Waits until somebody acts; see the timeline");
  return (
    <>
      <When at={next.at} />
      {"step" in next && ` · ${next.step.stepName || next.step.protocolName}`}
    </>
  );
}

/** The day of birth in the reader's calendar, and how old that makes them. */
function useBorn(birthDate: string | null): string | null {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  const now = useNow();
  if (!birthDate) return null;
  const age = t("{n, plural, one {# year old} other {# years old}}", {
    n: ageOn(birthDate, isoDay(now, timeZone)),
  });
  return `${birthday(birthDate, locale)} (${age})`;
}

function Consent({ patient: p }: { patient: Patient }) {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  if (!p.consentedAt) return t("Not yet agreed to get messages");
  const day = longDay(isoDay(Date.parse(p.consentedAt), timeZone), locale);
  return p.consentedBy
    ? t("Agreed to get messages on {day}, noted by {who}", { day, who: whoIn(p.consentedBy, t) })
    : t("Agreed to get messages on {day}", { day });
}
