// A clinic to try things in, beside the real one.

import { Group, Text } from "@mantine/core";
import { Section } from "../../components/kit";
import { useWords } from "../../i18n/useWords";
import { PractiseButton } from "../../shared/practise";

export function Practice() {
  const { t } = useWords();
  return (
    <Section id="practice" title={t("Practice clinic")}>
      <Text size="sm">
        {t(
          "A clinic to try things in, with made-up patients, phones on the screen and a clock that jumps. No message leaves this computer, nothing mixes with real patients, and the real messages go on meanwhile.",
        )}
      </Text>
      <Group>
        <PractiseButton />
      </Group>
    </Section>
  );
}
