// A care plan that is there, to be written on.

import { useParams } from "@tanstack/react-router";
import { Unread } from "../../components/Unread";
import { useGetProtocol } from "../../queries";
import { Editor } from "./Editor";

export function EditPlanScreen() {
  const { id } = useParams({ from: "/plans/$id/edit" });
  return <PlanEditor key={id} id={id} />;
}

function PlanEditor({ id }: { id: string }) {
  const plan = useGetProtocol({ id });
  return plan.data ? <Editor plan={plan.data} /> : <Unread read={plan} list="/plans" />;
}
