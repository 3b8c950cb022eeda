/** JSON columns hold text on SQLite and Postgres alike; services parse them through the contract's schemas. */
export type JsonText = string;
export type Flag = 0 | 1;
