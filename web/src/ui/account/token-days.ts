// Until when a token may last: from tomorrow to a year from today.

const DAYS_MAX = 365;
const DAY_MS = 86_400_000;

/** A day counted from today, as the register's calendar (UTC) has it. */
export function dayAfter(days: number, now = Date.now()): string {
  return new Date(now + days * DAY_MS).toISOString().slice(0, 10);
}

export function isTokenDay(day: string, now = Date.now()): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(day) && day >= dayAfter(1, now) && day <= dayAfter(DAYS_MAX, now);
}
