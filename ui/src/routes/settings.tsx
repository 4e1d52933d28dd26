import { Settings } from "../features/settings/Settings";

export const SettingsRoute = () => <Settings />;
