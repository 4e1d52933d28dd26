// What arrived while a list is looked at: said politely, and asked for where somebody reads below.

import { Button, VisuallyHidden } from "@mantine/core";
import { IconArrowUp } from "@tabler/icons-react";
import { useWords } from "../i18n/useWords";

type Props = {
  /** How many wait to be asked for. */
  waiting?: number;
  onShow?: () => void;
  /** How many came just now, and how that is said. */
  fresh: number;
  said?: string;
};

export function News({ waiting = 0, onShow, fresh, said }: Props) {
  const { t } = useWords();
  const words = (n: number) => t("{n, plural, one {# new} other {# new}}", { n });
  return (
    <div className="news" role="status">
      {waiting > 0 && (
        <Button radius="xl" leftSection={<IconArrowUp size={16} aria-hidden />} onClick={onShow}>
          {words(waiting)}
        </Button>
      )}
      {waiting === 0 && fresh > 0 && <VisuallyHidden>{said ?? words(fresh)}</VisuallyHidden>}
    </div>
  );
}
