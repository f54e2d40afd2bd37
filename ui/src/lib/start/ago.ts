/** How long ago something was, in the few words that a table has room for. */
import { en } from "../strings/en";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export function ago(then: number, now: number): string {
  const passed = now - then;
  if (passed < MINUTE) return en.ago.now;
  if (passed < HOUR) return en.ago.minutes(Math.floor(passed / MINUTE));
  const days = Math.round((midnight(now) - midnight(then)) / DAY);
  if (days === 0) return en.ago.hours(Math.floor(passed / HOUR));
  if (days === 1) return en.ago.yesterday;
  if (days < 14) return en.ago.days(days);
  if (days < 70) return en.ago.weeks(Math.floor(days / 7));
  return new Date(then).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
}

function midnight(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0);
}
