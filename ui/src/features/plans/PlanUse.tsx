// How many steps a plan has, which version it is, and the way to the follow-ups that run on it.

import { Group, Text } from "@mantine/core";
import { LinkAnchor } from "../../components/links";
import { useMay } from "../../components/may";
import { useWords } from "../../i18n/useWords";

type Use = {
  id: string;
  steps: number;
  /** Follow-ups that run on any of its versions: those that the list of follow-ups opens with. */
  running: number;
  version: number;
};

export function PlanUse({ id, steps, running, version }: Use) {
  const { t } = useWords();
  const isAllowed = useMay();
  const inUse = t("{n, plural, one {# running follow-up} other {# running follow-ups}}", { n: running });
  return (
    <Group gap="0 14px">
      <Text size="sm">{t("{n, plural, one {# step} other {# steps}}", { n: steps })}</Text>
      {running > 0 && isAllowed("list_assignments") ? (
        <LinkAnchor size="sm" py={3} to="/follow-ups" search={{ plan: id }}>
          {inUse}
        </LinkAnchor>
      ) : (
        <Text size="sm">{inUse}</Text>
      )}
      <Text size="sm">{t("Version {version}", { version })}</Text>
    </Group>
  );
}
