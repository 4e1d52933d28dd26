// All that a patient would get of the plan that is being written, day by day: time travel without
// a patient's having to wait for it. The days are read when somebody wants to see them.

import { Button, Card, Group, Stack, Title } from "@mantine/core";
import { memo, useState } from "react";
import { Loading } from "../../components/kit";
import { Awaited, onDemand } from "../../components/onDemand";
import { useWords } from "../../i18n/useWords";
import type { Draft } from "./steps";
import type { StepActs } from "./stepView";

const DayByDay = onDemand(async () => (await import("./DayByDay")).DayByDay);

type Props = { steps: Draft[]; acts: StepActs };

export const WhatGoesOut = memo(function WhatGoesOut({ steps, acts }: Props) {
  const { t } = useWords();
  const [isOpen, setOpen] = useState(false);
  const title = t("What goes out when");
  return (
    <Card component="section" aria-label={title}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} size="h4">
            {title}
          </Title>
          <Button variant="default" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? t("Hide the days") : t("Show day by day")}
          </Button>
        </Group>
        {isOpen && (
          <Awaited waiting={<Loading rows={4} />}>
            <DayByDay steps={steps} acts={acts} />
          </Awaited>
        )}
      </Stack>
    </Card>
  );
});
