void bp_placeholder(void);
