// One care plan of the list.

import { Badge, Button, Card, Group, Stack, Text, Title } from "@mantine/core";
import { IconArchive } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ProtocolStatus, ProtocolSummary } from "../../bindings";
import { DemoBadge, Problem } from "../../components/kit";
import { May } from "../../components/may";
import { useWords } from "../../i18n/useWords";
import { PROTOCOL_STATUSES } from "../../labels";
import { PlanLength } from "./PlanLength";
import { PlanUse } from "./PlanUse";
import { BringBackPlan, DuplicatePlan, ExportPlan, useArchive } from "./planActs";

export function PlanBadge({ status }: { status: ProtocolStatus }) {
  const { t } = useWords();
  const { label, color } = PROTOCOL_STATUSES[status];
  return (
    <Badge variant="light" color={color}>
      {t(label)}
    </Badge>
  );
}

export function PlanCard({ plan }: { plan: ProtocolSummary }) {
  const { t } = useWords();
  const { ask, act } = useArchive(plan);
  return (
    <Card component="section" aria-label={plan.name}>
      <Stack gap="xs" h="100%">
        <Group gap="xs">
          <PlanBadge status={plan.status} />
          <DemoBadge demo={plan.demo} />
        </Group>
        <Title order={2} size="h4" style={{ overflowWrap: "anywhere" }}>
          <Link to="/plans/$id" params={{ id: plan.id }} className="row-link">
            {plan.name}
          </Link>
        </Title>
        {plan.description && (
          <Text size="sm" c="dimmed" lineClamp={3}>
            {plan.description}
          </Text>
        )}
        <div>
          <PlanUse
            id={plan.id}
            steps={plan.stepCount}
            running={plan.activeAssignments}
            version={plan.version}
          />
          <PlanLength plan={plan} />
        </div>
        <Group gap="xs" mt="auto">
          <DuplicatePlan plan={plan} />
          <ExportPlan plan={plan} />
          <BringBackPlan plan={plan} />
          {plan.actions.includes("archive") && (
            <May ask="archive_protocol">
              <Button
                size="xs"
                variant="default"
                leftSection={<IconArchive size={16} aria-hidden />}
                loading={act.isPending}
                onClick={ask}
              >
                {t("Archive")}
              </Button>
            </May>
          )}
        </Group>
        <Problem error={act.error} />
      </Stack>
    </Card>
  );
}
