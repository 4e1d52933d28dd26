// What patients answered, as it came: the answers alone, worrying ones told from the others.

import { Badge, Table, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { PatientAnswer } from "../../bindings";
import { useNews } from "../../components/arrivals";
import { Empty, Problem, When } from "../../components/kit";
import { useWords } from "../../i18n/useWords";
import { chosen } from "../../lib/format";
import { MINUTE_MS } from "../../lib/units";
import { useListAnswers } from "../../queries";

const SHOWN = 8;

const CAME = { keyOf: ({ id }: PatientAnswer) => id, at: ({ answer }: PatientAnswer) => answer.at };

export function Answers() {
  const { t } = useWords();
  const { data, error, refetch } = useListAnswers({ limit: SHOWN }, { refetchInterval: MINUTE_MS });
  const rows = data?.items ?? [];
  const { fresh } = useNews(rows, CAME);
  if (error && !data) return <Problem error={error} again={refetch} />;
  if (data && rows.length === 0) return <Empty text={t("Nobody has answered yet.")} />;
  return (
    <Table verticalSpacing="xs" horizontalSpacing={4} aria-label={t("Answers")}>
      <Table.Tbody>
        {rows.map(({ id, patientId, patientName, stepName, protocolName, answer }) => (
          <Table.Tr key={id} className={fresh.has(id) ? "fresh" : undefined}>
            <Table.Td>
              <Link to="/patients/$id" params={{ id: patientId }} className="row-link">
                {patientName}
              </Link>
              <Text size="xs" c="dimmed" lineClamp={2}>
                {[protocolName || t("Single message"), stepName].filter(Boolean).join(" · ")}
              </Text>
            </Table.Td>
            <Table.Td ta="right">
              <Answered answer={answer} />
              <Text size="xs" c="dimmed" component="div">
                <When at={answer.at} />
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Answered({ answer }: Pick<PatientAnswer, "answer">) {
  const { t, locale } = useWords();
  return (
    <>
      <Text size="sm">
        “{answer.label}”{answer.picked && ` – ${chosen(answer.value, locale)}`}
      </Text>
      {answer.worrying && (
        <Badge
          size="sm"
          variant="light"
          color="red"
          miw="fit-content"
          leftSection={<IconAlertTriangle size={12} aria-hidden />}
        >
          {t("Worrying answer")}
        </Badge>
      )}
    </>
  );
}
