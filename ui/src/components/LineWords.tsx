// What LINE said of a message, word for word. It may name ids and is written for who built this: the
// cause in the clinic's words stands before it for everybody, and this is for those who can act on it.

import { Text } from "@mantine/core";
import { useWords } from "../i18n/useWords";
import { May } from "./may";

type Said = {
  /** Null where LINE gave none. */
  words: string | null;
  httpStatus?: number | null;
  requestId?: string | null;
};

export function LineWords({ words, httpStatus = null, requestId = null }: Said) {
  const { t } = useWords();
  if (words === null && requestId === null) return null;
  return (
    <May ask="retry_message">
      <details className="line-words">
        <summary>{t("LINE's own words")}</summary>
        {words !== null && <Text size="sm">{httpStatus ? `${words} (${httpStatus})` : words}</Text>}
        {requestId !== null && (
          <Text size="xs" c="dimmed">
            {t("LINE's request id: {id}", { id: requestId })}
          </Text>
        )}
      </details>
    </May>
  );
}
