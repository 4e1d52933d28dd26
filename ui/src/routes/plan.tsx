import { useParams } from "@tanstack/react-router";
import { Plan } from "../features/plans/Plan";

export function PlanRoute() {
  const { id } = useParams({ from: "/plans/$id" });
  return <Plan key={id} id={id} />;
}
