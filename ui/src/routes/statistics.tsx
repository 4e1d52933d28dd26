import { Statistics } from "../features/statistics/Statistics";

export const StatisticsRoute = () => <Statistics />;
