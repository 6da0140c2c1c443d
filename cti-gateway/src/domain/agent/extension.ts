/** An agent's extension (分机): the name of their telephone at Asterisk, and what colleagues dial. */
export const EXTENSION = /^\d{2,10}$/;
