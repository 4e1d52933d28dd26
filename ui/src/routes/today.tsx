import { Today } from "../features/today/Today";

export const TodayRoute = () => <Today />;
