// Where the rows behind a number are, as far as somebody still has to see to them.

import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { WorkReason } from "../../bindings";
import { May } from "../../components/may";
import type { Label } from "../../i18n";
import { useWords } from "../../i18n/useWords";

export function ToWorklist({ reason, says }: { reason: WorkReason; says: Label }) {
  const { t } = useWords();
  return (
    <May ask="list_worklist">
      <Button
        size="xs"
        w="fit-content"
        variant="default"
        renderRoot={(props) => <Link to="/worklist" search={{ reason }} {...props} />}
      >
        {t(says)}
      </Button>
    </May>
  );
}

export function ToAttention() {
  const { t } = useWords();
  return (
    <May ask="failed_deliveries">
      <Button component={Link} to="/attention" size="xs" w="fit-content" variant="default">
        {t("What failed and still needs you")}
      </Button>
    </May>
  );
}
