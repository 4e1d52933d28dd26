import { Badge, Button, Card, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { LIMITS, type ProtocolStatus, type ProtocolSummary } from "../../bindings";
import { DemoBadge, Empty, Page, Pages } from "../../components/kit";
import { May } from "../../components/may";
import { useWords } from "../../i18n/useWords";
import { PROTOCOL_STATUSES } from "../../labels";
import { useListProtocolsPages } from "../../queries";

export function PlanBadge({ status }: { status: ProtocolStatus }) {
  const { t } = useWords();
  const { label, color } = PROTOCOL_STATUSES[status];
  return (
    <Badge variant="light" color={color}>
      {t(label)}
    </Badge>
  );
}

/** The care plans as cards. */
export function Plans() {
  const { t } = useWords();
  const plans = useListProtocolsPages({ limit: LIMITS.PageOf.limit.maximum });
  const add = (
    <May ask="create_protocol">
      <Button component={Link} to="/plans/new" leftSection={<IconPlus size={18} aria-hidden />}>
        {t("New care plan")}
      </Button>
    </May>
  );
  return (
    <Page title={t("Care plans")} actions={add}>
      <Pages list={plans} empty={<Empty text={t("No care plan yet.")} action={add} />}>
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
          {plans.data?.rows.map((plan) => (
            <PlanCard key={plan.id} plan={plan} />
          ))}
        </SimpleGrid>
      </Pages>
    </Page>
  );
}

function PlanCard({ plan }: { plan: ProtocolSummary }) {
  const { t } = useWords();
  return (
    <Card>
      <Stack gap="xs">
        <Group gap="xs">
          <PlanBadge status={plan.status} />
          <DemoBadge demo={plan.demo} />
        </Group>
        <Title order={2} size="h4">
          <Link to="/plans/$id" params={{ id: plan.id }} className="row-link">
            {plan.name}
          </Link>
        </Title>
        {plan.description && (
          <Text size="sm" c="dimmed" lineClamp={3}>
            {plan.description}
          </Text>
        )}
        <Text size="sm">
          {t("{steps, plural, one {# step} other {# steps}} · in use by {users} · version {version}", {
            steps: plan.stepCount,
            users: plan.activeAssignments,
            version: plan.version,
          })}
        </Text>
      </Stack>
    </Card>
  );
}
