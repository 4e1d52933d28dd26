// The care plans as cards: those that are offered or written, and those that were put away.

import { Button, SimpleGrid } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Choice } from "../../components/Choice";
import { Empty, Page, Pages } from "../../components/kit";
import { May } from "../../components/may";
import { useWords } from "../../i18n/useWords";
import { useAllProtocols } from "../../shared/choices";
import { PlanCard } from "./PlanCard";

export function Plans() {
  const { t } = useWords();
  const plans = useAllProtocols();
  const { show = "current" } = useSearch({ from: "/plans" });
  const navigate = useNavigate({ from: "/plans" });
  const rows = plans.data?.rows ?? [];
  const archived = rows.filter(({ status }) => status === "archived");
  const current = rows.filter(({ status }) => status !== "archived");
  const shown = show === "archived" ? archived : current;
  const add = (
    <May ask="create_protocol">
      <Button component={Link} to="/plans/choose" leftSection={<IconPlus size={18} aria-hidden />}>
        {t("New care plan")}
      </Button>
    </May>
  );
  const empty =
    show === "archived" ? (
      <Empty text={t("No care plan is archived.")} />
    ) : (
      <Empty text={t("No care plan yet.")} action={add} />
    );
  const choose = (to: typeof show) => navigate({ search: { show: to === "archived" ? to : undefined } });
  return (
    <Page title={t("Care plans")} actions={add}>
      {(archived.length > 0 || show === "archived") && (
        <Choice
          label={t("Which care plans")}
          value={show}
          onChange={choose}
          data={[
            { value: "current", label: t("Active and drafts ({n})", { n: current.length }) },
            { value: "archived", label: t("Archived ({n})", { n: archived.length }) },
          ]}
        />
      )}
      <Pages list={{ ...plans, data: plans.data && { rows: shown } }} empty={empty}>
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
          {shown.map((plan) => (
            <PlanCard key={plan.id} plan={plan} />
          ))}
        </SimpleGrid>
      </Pages>
    </Page>
  );
}
