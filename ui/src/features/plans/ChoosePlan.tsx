// What a new care plan begins with.

import {
  Alert,
  Badge,
  Button,
  Card,
  Group,
  NativeSelect,
  SimpleGrid,
  Stack,
  Text,
  Title,
} from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { Loading, Page, Section } from "../../components/kit";
import { LinkAnchor } from "../../components/links";
import { LOCALES, type Locale, localeOf } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { EXAMPLES, type Example } from "../../labels";
import { queryKey } from "../../lib/queryKey";
import { useAllProtocols } from "../../shared/choices";
import { exampleOf } from "./examples";
import { ImportPlan } from "./ImportPlan";
import { lengthInWords } from "./PlanLength";
import type { PlanWritten } from "./written";

export function ChoosePlan() {
  const { t } = useWords();
  return (
    <Page title={t("New care plan")}>
      <LinkAnchor to="/plans" size="sm" className="back">
        ← {t("Care plans")}
      </LinkAnchor>
      <Section title={t("Blank")}>
        <Button component={Link} to="/plans/new" w="fit-content">
          {t("Begin with one empty step")}
        </Button>
      </Section>
      <Examples />
      <Section title={t("A copy of one you have")}>
        <CopyOfOne />
      </Section>
      <Section title={t("From a file")}>
        <ImportPlan />
      </Section>
    </Page>
  );
}

function Examples() {
  const { t, locale } = useWords();
  const { language = localeOf(locale) } = useSearch({ from: "/plans/choose" });
  const navigate = useNavigate({ from: "/plans/choose" });
  const plans = useExamples(language);
  return (
    <Section title={t("From an example")}>
      <Alert color="orange" title={t("Examples: have a clinician check")}>
        {t(
          "They are written to be gentle and general. Whether they are right for your patients, only your clinic can say.",
        )}
      </Alert>
      <NativeSelect
        label={t("Language of the messages")}
        value={language}
        onChange={({ currentTarget }) =>
          navigate({ search: { language: localeOf(currentTarget.value) }, replace: true })
        }
        data={Object.entries(LOCALES).map(([value, label]) => ({ value, label }))}
        w="fit-content"
      />
      {plans ? (
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
          {plans.map(([example, plan]) => (
            <ExampleCard key={example} example={example} plan={plan} language={language} />
          ))}
        </SimpleGrid>
      ) : (
        <Loading rows={6} />
      )}
    </Section>
  );
}

/** All examples in one language. */
function useExamples(language: Locale): [Example, PlanWritten][] | undefined {
  const found = useQuery({
    queryKey: queryKey("examples", language),
    queryFn: () =>
      Promise.all(
        EXAMPLES.map(
          async (example): Promise<[Example, PlanWritten]> => [example, await exampleOf(example, language)],
        ),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (found.error) throw found.error;
  return found.data;
}

function ExampleCard({ example, plan, language }: { example: Example; plan: PlanWritten; language: Locale }) {
  const { t } = useWords();
  return (
    <Card component="section" aria-label={plan.name} withBorder>
      <Stack gap="xs" h="100%">
        <Badge variant="outline" color="yellow" c="light-dark(#7a5b00, #ffd43b)">
          {t("Example")}
        </Badge>
        <Title order={3} size="h5" lang={language}>
          {plan.name}
        </Title>
        <Text size="sm">{lengthInWords(plan.steps, t)}</Text>
        <Text size="sm" c="dimmed" lang={language} component="ol" m={0} ps={20}>
          {plan.steps.map(({ name }) => (
            <li key={name}>{name}</li>
          ))}
        </Text>
        <Button
          variant="default"
          mt="auto"
          w="fit-content"
          renderRoot={(props) => <Link to="/plans/new" search={{ example, language }} {...props} />}
        >
          {t("Use this example")}
        </Button>
      </Stack>
    </Card>
  );
}

function CopyOfOne() {
  const { t } = useWords();
  const plans = useAllProtocols();
  const [chosen, choose] = useState("");
  const rows = plans.data?.rows ?? [];
  const copy = chosen || rows[0]?.id;
  if (plans.isLoading) return <Loading rows={1} />;
  if (!copy) return <Text size="sm">{t("No care plan yet.")}</Text>;
  return (
    <Group align="flex-end">
      <NativeSelect
        label={t("Care plan")}
        value={copy}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
        data={rows.map(({ id, name }) => ({ value: id, label: name }))}
        maw="100%"
      />
      <Button variant="default" renderRoot={(props) => <Link to="/plans/new" search={{ copy }} {...props} />}>
        {t("Duplicate")}
      </Button>
    </Group>
  );
}
