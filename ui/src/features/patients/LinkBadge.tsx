import { Badge } from "@mantine/core";
import type { Reachability } from "../../bindings";
import { useWords } from "../../i18n/useWords";
import { NOT_LINKED, REACHABILITIES } from "../../labels";

export function LinkBadge({ reachability, linked }: { reachability: Reachability; linked: boolean }) {
  const { t } = useWords();
  const { label, color } = linked ? REACHABILITIES[reachability] : NOT_LINKED;
  return (
    <Badge variant="light" color={color} miw="max-content">
      {t(label)}
    </Badge>
  );
}
