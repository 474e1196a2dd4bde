/** The version that documents and `--version` show; a test holds it against package.json. */
export const VERSION: string = '0.1.0'
