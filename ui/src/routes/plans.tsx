import { Plans } from "../features/plans/Plans";

export const PlansRoute = () => <Plans />;
