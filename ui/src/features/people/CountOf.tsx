// How many messages a group has, which leads to all of them in the list of messages.

import { Badge } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Cause, Stage } from "../../bindings";
import { useWords } from "../../i18n/useWords";
import { number } from "../../lib/format";

type Counted = { n: number; stage: Stage; cause: Cause | null; color: string };

export function CountOf({ n, stage, cause, color }: Counted) {
  const { t, locale } = useWords();
  // The list cannot be narrowed to messages without a known cause.
  if (!cause) return <Badge color={color}>{number(n, locale)}</Badge>;
  return (
    <Badge
      color={color}
      size="lg"
      td="underline"
      style={{ cursor: "pointer" }}
      aria-label={t("{n, plural, one {# message: see it} other {# messages: see them}} in the list", { n })}
      renderRoot={(props) => <Link to="/messages" search={{ stage, cause }} {...props} />}
    >
      {number(n, locale)}
    </Badge>
  );
}
