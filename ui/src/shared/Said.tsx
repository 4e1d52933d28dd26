// What a patient said: the words, the button that was pressed, or what was sent beside words.

import { Stack, Text } from "@mantine/core";
import type { PatientWords, PressedButton } from "../bindings";
import { useWords } from "../i18n/useWords";
import { SENT_BY_PATIENT } from "../labels";
import { chosen } from "../lib/format";
import { Media } from "./Media";

/** How the data of a question's own button begins, which says nothing to staff. */
const OF_QUESTION = "cq1 ";

/** The names of what LINE adds to a press of a picker. */
const PICKER_NAMES = new Set(["date", "time", "datetime"]);

/** Several things that were said, one below the other. */
export function AllSaid({ said }: { said: PatientWords[] }) {
  if (said.length === 0) return null;
  return (
    <Stack gap="xs" className="all-said">
      {said.map((words) => (
        <div key={`${words.at} ${words.kind} ${words.text}`}>
          <Said said={words} />
        </div>
      ))}
    </Stack>
  );
}

export function Said({ said }: { said: PatientWords }) {
  const { t } = useWords();
  if (said.press) return <Press press={said.press} />;
  if (said.unsentAt) return <Text size="sm">{t("took a message back")}</Text>;
  const sent = t(SENT_BY_PATIENT[said.kind] ?? "sent something that is not text");
  return (
    <Stack gap={4}>
      <Text size="sm" className="said" c={said.text === null ? "dimmed" : undefined}>
        {said.text ?? sent}
      </Text>
      <SentBeside said={said} />
    </Stack>
  );
}

/** Whether something was sent that its words do not say. */
export const hasMore = ({ media, place, sticker, address }: PatientWords) =>
  Boolean(media || place || sticker || address);

function SentBeside({ said: { kind, media, place, sticker, address } }: { said: PatientWords }) {
  const { t } = useWords();
  const text = [
    // A place to copy: nothing is asked of a server of maps until somebody goes there.
    ...(place
      ? [place.title, place.address, `https://maps.google.com/?q=${place.latitude},${place.longitude}`]
      : []),
    sticker?.keywords.join(", "),
    address && t("It lies at {address} and is not fetched", { address }),
  ].filter(Boolean);
  return (
    <>
      {text.map((line) => (
        <Text key={line} size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          {line}
        </Text>
      ))}
      {media && <Media media={media} kind={kind} />}
    </>
  );
}

function Press({ press }: { press: PressedButton }) {
  const { t, locale } = useWords();
  const params = Object.entries(press.params);
  // What was chosen with a picker needs no name.
  const chosenBy = params
    .filter(([name]) => PICKER_NAMES.has(name))
    .map(([, value]) => chosen(value, locale));
  const others = params
    .filter(([name]) => !PICKER_NAMES.has(name))
    .map(([name, value]) => `${name}: ${value}`);
  return (
    <>
      <Text size="sm">
        {press.label ? (
          <>
            {t("Pressed")} <b>“{press.label}”</b>
          </>
        ) : (
          t("Pressed a button")
        )}
        {chosenBy.length > 0 && <b> – {chosenBy.join(", ")}</b>}
      </Text>
      <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
        {[...(press.data.startsWith(OF_QUESTION) ? [] : [press.data]), ...others].join(" · ")}
      </Text>
    </>
  );
}
