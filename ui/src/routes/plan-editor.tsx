import { useParams } from "@tanstack/react-router";
import { PlanEditor } from "../features/plans/PlanEditor";

export const NewPlanRoute = () => <PlanEditor />;

export function EditPlanRoute() {
  const { id } = useParams({ from: "/plans/$id/edit" });
  return <PlanEditor key={id} id={id} />;
}
