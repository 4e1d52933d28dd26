// What this program is, and where its data lies.

import { Code, Text } from "@mantine/core";
import { useClinic } from "../../components/clinic";
import { Section } from "../../components/kit";
import { useWords } from "../../i18n/useWords";
import { useOnThisComputer } from "../../lib/computer";

export function About() {
  const { t } = useWords();
  const { status } = useClinic();
  const { data: computer } = useOnThisComputer();
  return (
    <Section id="about" title={t("About Clinicue")}>
      <Text size="sm">Clinicue {status?.version}</Text>
      <Text size="sm">{t("Free software under the MIT licence, without any warranty.")}</Text>
      {computer && (
        <Text size="sm">
          {t("The clinic's data lies on this computer, in this folder:")} <Code>{computer.dataFolder}</Code>
        </Text>
      )}
    </Section>
  );
}
