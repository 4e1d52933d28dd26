// Copies a text, and says that it did or that it could not.

import { Button } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useState } from "react";
import { useWords } from "../i18n/useWords";

export function Copy({ text, label }: { text: string; label: string }) {
  const { t } = useWords();
  const [became, setBecame] = useState<"copied" | "refused" | null>(null);
  // Over plain HTTP from another machine a browser gives no clipboard at all.
  const copy = () =>
    (navigator.clipboard?.writeText(text) ?? Promise.reject()).then(
      () => setBecame("copied"),
      () => setBecame("refused"),
    );
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={
          became === "copied" ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />
        }
        onClick={copy}
      >
        {label}
      </Button>
      <span role="status" className="copied">
        {became === "copied" && t("Copied.")}
        {became === "refused" && t("It could not be copied; mark it and copy it by hand.")}
      </span>
    </>
  );
}
