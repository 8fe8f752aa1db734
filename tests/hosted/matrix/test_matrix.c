// SPDX-License-Identifier: BSD-2-Clause
/*
 * Every kind of segment in every state at every place of the sequence space: plays each row of
 * matrix.txt to a host of its own and compares the answer, the state afterwards and what the
 * program sees. RFC 9293 section 3.10.7, RFC 5961; the rows are proved on Linux by
 * `make compare-linux` (tests/compare/matrix.py plays the same table).
 */
#include <fcntl.h>
#include <net/inet_hashtables.h>
#include <net/inet_timewait_sock.h>
#include <stdio.h>
#include <stdlib.h>
#include <tests/hosted/matrix/table.h>
#include <tests/hosted/tcp/tcp_test.h>

/* A delayed ACK is an answer; the first retransmission, 200 ms after the FIN, is none. */
#define ANSWER_MS   75
#define NO_WINDOW   64240
#define CLOSED_PORT 9
#define MATRIX_ALL  848 /* rows: see all_cells() in tests/compare/matrix.py */

static struct matrix_row rows[MATRIX_ROWS];

/* One cell while it is played. Relative numbers. */
struct play {
	struct tcp_env *e;
	const struct matrix_row *row;
	u32 rcv_nxt, snd_nxt, snd_una;
	u32 edge;	 /* the right edge of the window that the host offered, 0 = none */
	struct seg sent; /* the event */
};

static const struct handshake bare = {.mss = 1460, .win = 65535};

static bool in_state(const struct play *p, const char *state)
{
	return !strcmp(p->row->state, state);
}

/* ---- roads to the states ---- */

static void saw(struct play *p, const struct seg *s)
{
	p->edge = s->ack + s->win;
}

static struct seg syn_of_peer(const struct play *p)
{
	struct seg s = {.flags = SYN, .win = bare.win};

	s.o.mss_on = true;
	s.o.mss = bare.mss;
	p->e->win = bare.win;
	return s;
}

static void syn_received(struct play *p)
{
	struct seg s = syn_of_peer(p);

	inject_seg(p->e, &s);
	saw(p, expect(p->e, SYN | ACK, 0, 1, 0));
	p->snd_una = 0;
}

static void established(struct play *p)
{
	syn_received(p);
	inject(p->e, ACK, 1, 1, 0);
	p->snd_una = 1;
	assert_int_equal(kernel_accept(p->e->listener, &p->e->sock, O_NONBLOCK), 0);
}

static void syn_sent(struct play *p)
{
	static const struct handshake no_answer = {.mss = 1460};

	active_open(p->e, &no_answer);
	p->e->win = bare.win;
	p->snd_una = 0;
}

static void syn_received_active(struct play *p)
{
	struct seg s;

	syn_sent(p);
	s = syn_of_peer(p);
	inject_seg(p->e, &s);
	saw(p, expect(p->e, SYN | ACK, 0, 1, 0));
}

static void shut(struct play *p)
{
	assert_int_equal(p->e->sock->ops->shutdown(p->e->sock, SHUT_WR), 0);
	saw(p, expect(p->e, FIN | ACK, p->snd_nxt, p->rcv_nxt, 0));
	p->snd_nxt++;
}

/* The peer's FIN, and the ACK of it, which may be delayed. */
static void fin(struct play *p, u32 ack)
{
	inject(p->e, FIN | ACK, p->rcv_nxt++, ack, 0);
	hosted_run_until_idle();
	if (p->e->head == p->e->tail)
		hosted_advance(ANSWER_MS);
	saw(p, expect(p->e, ACK, p->snd_nxt, p->rcv_nxt, 0));
}

static void fin_wait_1(struct play *p)
{
	established(p);
	shut(p);
}

static void fin_wait_2(struct play *p)
{
	fin_wait_1(p);
	inject(p->e, ACK, 1, 2, 0);
	p->snd_una = 2;
}

static void closing(struct play *p)
{
	fin_wait_1(p);
	fin(p, 1);
}

static void time_wait(struct play *p)
{
	fin_wait_2(p);
	fin(p, 2);
}

static void close_wait(struct play *p)
{
	established(p);
	fin(p, 1);
}

static void last_ack(struct play *p)
{
	close_wait(p);
	shut(p);
}

static void nothing(struct play *p)
{
	p->e->isn = 500000000; /* any number: the host has sent none */
	p->e->isn_known = true;
}

static const struct road {
	const char *state;
	void (*go)(struct play *p);
} roads[] = {
	{"CLOSED", nothing},
	{"LISTEN", nothing},
	{"SYN-SENT", syn_sent},
	{"SYN-RECEIVED", syn_received},
	{"SYN-RECEIVED-ACTIVE", syn_received_active},
	{"ESTABLISHED", established},
	{"FIN-WAIT-1", fin_wait_1},
	{"FIN-WAIT-2", fin_wait_2},
	{"CLOSE-WAIT", close_wait},
	{"CLOSING", closing},
	{"LAST-ACK", last_ack},
	{"TIME-WAIT", time_wait},
};

/* ---- the event ---- */

struct named {
	const char *name;
	u32 value;
};

static u32 value_of(const struct named *table, const char *name)
{
	for (; table->name; table++) {
		if (!strcmp(table->name, name))
			return table->value;
	}
	fail_msg("matrix.txt: unknown word %s", name);
	return 0;
}

static void inject_event(struct play *p)
{
	static const struct named events[] = {
		{"ACK", ACK},		{"FIN", FIN},		{"FIN-ACK", FIN | ACK},
		{"RST", RST},		{"SYN", SYN},		{"RST-ACK", RST | ACK},
		{"SYN-ACK", SYN | ACK}, {"SYN-FIN", SYN | FIN}, {NULL, 0}};
	u32 n = p->rcv_nxt, window = p->edge ? p->edge - n : NO_WINDOW;
	const struct named places[] = {
		{"left", n},	  {"inside", n + window / 2}, {"right", n + window - 1},
		{"below", n - 1}, {"above", n + window + 1},  {"edge", n + window},
		{NULL, 0}};
	const struct named acks[] = {{"nxt", p->snd_nxt},
				     {"una", p->snd_una},
				     {"old", p->snd_una - 1},
				     {"ancient", p->snd_una - 70000},
				     {"new", p->snd_nxt + 1},
				     {"-", 0},
				     {NULL, 0}};

	p->sent.flags = (u8)value_of(events, p->row->event);
	p->sent.seq = value_of(places, p->row->place);
	p->sent.ack = value_of(acks, p->row->ack);
	p->sent.win = bare.win;
	p->sent.dport = in_state(p, "CLOSED") ? CLOSED_PORT : HOST_PORT;
	inject_seg(p->e, &p->sent);
	hosted_advance(ANSWER_MS);
}

/* ---- what followed, in the table's words ---- */

static int offset_text(char *out, size_t size, char base, s32 distance)
{
	return distance ? snprintf(out, size, " %c%+d", base, distance)
			: snprintf(out, size, " %c", base);
}

static int seq_text(const struct play *p, const struct seg *s, char *out, size_t size)
{
	if (s->seq + p->e->isn == 0)
		return snprintf(out, size, " 0");
	if (s->flags & RST && p->sent.flags & ACK && s->seq == p->sent.ack)
		return snprintf(out, size, " A");
	if (in_state(p, "CLOSED") || in_state(p, "LISTEN"))
		return snprintf(out, size, " *");
	if (in_state(p, "TIME-WAIT") && s->flags & SYN) {
		/* Beyond all that the old connection sent. */
		assert_int_equal(s->seq, p->snd_nxt + 65537);
		return snprintf(out, size, " *");
	}
	return offset_text(out, size, 'S', (s32)(s->seq - p->snd_nxt));
}

static int ack_text(const struct play *p, const struct seg *s, char *out, size_t size)
{
	bool of_event = in_state(p, "CLOSED") || in_state(p, "LISTEN") || in_state(p, "SYN-SENT") ||
			s->flags & RST || (s->flags & SYN && in_state(p, "TIME-WAIT"));

	if (!(s->flags & ACK))
		return 0;
	return of_event ? offset_text(out, size, 'Q', (s32)(s->ack - p->sent.seq))
			: offset_text(out, size, 'N', (s32)(s->ack - p->rcv_nxt));
}

static void answer_text(struct play *p, char *out, size_t size)
{
	static const struct named letters[] = {{"S", SYN}, {"F", FIN}, {"R", RST}, {".", ACK}};
	size_t n = 0, i;

	snprintf(out, size, "-");
	while (p->e->head != p->e->tail) {
		const struct seg *s = next_seg(p->e);

		n += (size_t)snprintf(out + n, size - n, n ? ", " : "");
		for (i = 0; i < 4; i++) {
			if (s->flags & letters[i].value)
				n += (size_t)snprintf(out + n, size - n, "%s", letters[i].name);
		}
		n += (size_t)seq_text(p, s, out + n, size - n);
		n += (size_t)ack_text(p, s, out + n, size - n);
		if (s->len)
			n += (size_t)snprintf(out + n, size - n, " +%u", s->len);
	}
}

static const char *state_after(const struct play *p)
{
	static const char *const names[] = {
		"CLOSED",     "ESTABLISHED", "SYN-SENT",    "SYN-RECEIVED", "FIN-WAIT-1",
		"FIN-WAIT-2", "TIME-WAIT",   "CLOSED",	    "CLOSE-WAIT",   "LAST-ACK",
		"LISTEN",     "CLOSING",     "SYN-RECEIVED"};
	struct inet_tuple t = {.saddr = ip4(10, 0, 0, 2),
			       .daddr = ip4(10, 0, 0, 1),
			       .sport = cpu_to_be16(PEER_PORT),
			       .hnum = p->sent.dport};
	struct sock *sk;
	int state;

	local_bh_disable();
	sk = __inet_lookup_established(p->e->net, &t);
	state = sk ? sk->sk_state : in_state(p, "LISTEN") ? TCP_LISTEN : TCP_CLOSE;
	if (state == TCP_TIME_WAIT)
		state = inet_twsk(sk)->tw_substate;
	if (sk)
		sock_put(sk);
	local_bh_enable();
	return names[state];
}

static const char *error_text(int err)
{
	static const struct named errors[] = {{"0", 0},
					      {"EAGAIN", EAGAIN},
					      {"EALREADY", EALREADY},
					      {"EPIPE", EPIPE},
					      {"ECONNRESET", ECONNRESET},
					      {"ECONNREFUSED", ECONNREFUSED},
					      {"EISCONN", EISCONN},
					      {"ENOTCONN", ENOTCONN},
					      {NULL, 0}};
	const struct named *n = errors;

	while (n->name && n->value != (u32)-err)
		n++;
	return n->name ? n->name : "another error";
}

static void program_text(struct play *p, char *out, size_t size)
{
	struct sockaddr_in sin = {.sin_family = AF_INET, .sin_port = cpu_to_be16(PEER_PORT)};
	int err;

	if (in_state(p, "CLOSED")) {
		snprintf(out, size, "-");
	} else if (in_state(p, "LISTEN") || in_state(p, "SYN-RECEIVED")) {
		err = kernel_accept(p->e->listener, &p->e->sock, O_NONBLOCK);
		snprintf(out, size, "accept=%s", error_text(err));
	} else if (in_state(p, "SYN-SENT") || in_state(p, "SYN-RECEIVED-ACTIVE")) {
		sin.sin_addr.s_addr = ip4(10, 0, 0, 2);
		err = kernel_connect(p->e->sock, (struct sockaddr *)&sin, sizeof(sin), O_NONBLOCK);
		snprintf(out, size, "connect=%s", error_text(err));
	} else {
		err = get_opt(p->e, SOL_SOCKET, SO_ERROR);
		snprintf(out, size, "err=%s recv=%s", error_text(-err),
			 error_text(prog_recv(p->e, 1, 0)));
	}
}

/* ---- the test ---- */

/* Play one row; true if all is as the table says. */
static bool play_row(const struct matrix_row *row)
{
	struct play p = {.row = row, .rcv_nxt = 1, .snd_nxt = 1, .snd_una = 1};
	char answer[80], program[80];
	const char *next;
	void *state = NULL;
	size_t i;
	bool same;

	assert_int_equal(tcp_env_up(&state), 0);
	p.e = state;
	for (i = 0; strcmp(roads[i].state, row->state); i++)
		assert_true(i + 1 < ARRAY_SIZE(roads));
	roads[i].go(&p);
	expect_none(p.e);
	inject_event(&p);
	answer_text(&p, answer, sizeof(answer));
	next = state_after(&p);
	program_text(&p, program, sizeof(program));
	same = !strcmp(answer, row->answer) && !strcmp(next, row->next) &&
	       !strcmp(program, row->program);
	if (!same)
		print_error("matrix.txt:%d: %s %s %s %s: %s | %s | %s, not %s | %s | %s\n",
			    row->line, row->state, row->event, row->place, row->ack, answer, next,
			    program, row->answer, row->next, row->program);
	assert_int_equal(tcp_env_down(&state), 0);
	return same;
}

/* The rows of the state that is the test's initial state. */
static void rows_of_state(void **state)
{
	const char *name = *state;
	int count = matrix_read(rows), wrong = 0, i;

	assert_int_equal(count, MATRIX_ALL);
	for (i = 0; i < count; i++)
		wrong += !strcmp(rows[i].state, name) && !play_row(&rows[i]);
	assert_int_equal(wrong, 0);
}

/* The table is whole: each event at each place in each state, once. */
static void every_cell_is_there(void **state)
{
	static const char *const events[] = {"ACK",	"FIN", "FIN-ACK", "RST",
					     "RST-ACK", "SYN", "SYN-ACK", "SYN-FIN"};
	static const char *const places[] = {"left", "inside", "right", "below", "above", "edge"};
	int count = matrix_read(rows), found, i;
	size_t s, k;

	(void)state;
	for (s = 0; s < ARRAY_SIZE(roads); s++) {
		for (k = 0; k < ARRAY_SIZE(events) * ARRAY_SIZE(places); k++) {
			found = 0;
			for (i = 0; i < count; i++)
				found += !strcmp(rows[i].state, roads[s].state) &&
					 !strcmp(rows[i].event, events[k / 6]) &&
					 !strcmp(rows[i].place, places[k % 6]) &&
					 (!strcmp(rows[i].ack, "-") || !strcmp(rows[i].ack, "nxt"));
			assert_int_equal(found, 1);
		}
	}
}

#define STATE_TEST(name)                                        \
	{                                                       \
		name, rows_of_state, NULL, NULL, (void *)(name) \
	}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_cell_is_there),  STATE_TEST("CLOSED"),
		STATE_TEST("LISTEN"),	    STATE_TEST("SYN-SENT"),
		STATE_TEST("SYN-RECEIVED"), STATE_TEST("SYN-RECEIVED-ACTIVE"),
		STATE_TEST("ESTABLISHED"),  STATE_TEST("FIN-WAIT-1"),
		STATE_TEST("FIN-WAIT-2"),   STATE_TEST("CLOSE-WAIT"),
		STATE_TEST("CLOSING"),	    STATE_TEST("LAST-ACK"),
		STATE_TEST("TIME-WAIT"),
	};

	return RUN_TESTS(tests);
}
