// What a patient said, in a line: the words, or the button that was pressed.

import { Text } from "@mantine/core";
import type { PatientWords, PressedButton } from "../bindings";
import { useWords } from "../i18n/useWords";

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
  const { t } = useWords();
  const params = Object.entries(press.params).map(([name, value]) => `${name}: ${value}`);
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
      </Text>
      <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
        {[press.data, ...params].join(" · ")}
      </Text>
    </>
  );
}
