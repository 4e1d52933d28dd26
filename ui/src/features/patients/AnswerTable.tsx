// The twin of the dots: the same questions as a table.

import { Table, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useClinic } from "../../components/clinic";
import { DataTable } from "../../components/DataTable";
import { useWords } from "../../i18n/useWords";
import { dateTime } from "../../lib/format";
import { type Asked, useSaysReply } from "./asked";
import { goToRow } from "./Row";

export function AnswerTable({ title, asked }: { title: string; asked: Asked[] }) {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  const says = useSaysReply();
  return (
    <DataTable label={title} columns={[t("When"), t("Question"), t("Answer")]} minWidth={0}>
      {asked.map((one) => {
        const { id, patientId, acceptedAt, dueAt, feedback } = one.message;
        return (
          <Table.Tr key={id}>
            <Table.Td>
              <Link
                to="/patients/$id"
                params={{ id: patientId }}
                search={(was) => ({ ...was, row: id })}
                resetScroll={false}
                onClick={() => goToRow(id)}
                className="row-link"
              >
                {dateTime(acceptedAt ?? dueAt, locale, timeZone)}
              </Link>
            </Table.Td>
            <Table.Td>
              <Text size="sm">{feedback?.question}</Text>
            </Table.Td>
            <Table.Td>{says(one)}</Table.Td>
          </Table.Tr>
        );
      })}
    </DataTable>
  );
}
