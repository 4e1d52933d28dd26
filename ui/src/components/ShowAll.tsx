import { Button } from "@mantine/core";
import { useWords } from "../i18n/useWords";

/** Shows the rest of a list of `n`, or the first of it alone again. */
export function ShowAll({ n, isOpen, toggle }: { n: number; isOpen: boolean; toggle: () => void }) {
  const { t } = useWords();
  return (
    <Button variant="subtle" size="xs" w="fit-content" aria-expanded={isOpen} onClick={toggle}>
      {isOpen ? t("Show less") : t("Show all {n}", { n })}
    </Button>
  );
}
