import { Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useWords } from "../i18n/useWords";

/** LINE did not take the answer with whom to call in an emergency. */
export function Untold() {
  const { t } = useWords();
  return (
    <Text size="sm" fw={600}>
      <IconAlertTriangle size={14} aria-hidden />{" "}
      {t("Whom to call in an emergency could not be sent on LINE. They may not have read it: please call.")}
    </Text>
  );
}
