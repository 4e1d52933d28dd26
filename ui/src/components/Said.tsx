// What a patient said, in a line: the words, or the button that was pressed.

import { Text } from "@mantine/core";
import type { PatientWords, PressedButton } from "../bindings";
import { useWords } from "../i18n/useWords";
import { chosen } from "../lib/format";

/** How the data of a question's own button begins, which says nothing to staff. */
const OF_QUESTION = "cq1 ";

/** The names of what LINE adds to a press of a picker. */
const PICKER_NAMES = new Set(["date", "time", "datetime"]);

export function Said({ said }: { said: PatientWords }) {
  const { t } = useWords();
  if (said.press) return <Press press={said.press} />;
  return (
    <Text size="sm">
      {said.unsentAt ? t("took a message back") : (said.text ?? t("sent something that is not text"))}
    </Text>
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
