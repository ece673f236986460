<?php
/**
 * Plugin Name: Tìm Báo
 * Description: Posts are found by a Tìm Báo site the moment they are published, and gone the moment they are withdrawn.
 * Version: 1.0.0
 * Requires at least: 5.9
 * Requires PHP: 7.4
 * License: MIT
 *
 * Two lines in wp-config.php, the key with the scope "write":
 *
 *   define( 'TIM_BAO_SITE', 'https://tim.bao.example' );
 *   define( 'TIM_BAO_KEY', 'tb_...' );
 *
 * A change of a post is noted in a table of its own and sent at the end of the request. What cannot
 * be sent stays there and is sent later, once a minute, in the state that the post has by then.
 */

if ( ! defined( 'ABSPATH' ) ) {
	exit;
}

const TIM_BAO_BATCH   = 100;
const TIM_BAO_BYTES   = 4000000; // of the posts of a batch, beyond which the rest is for the next
const TIM_BAO_TIMEOUT = 10;

/** The address of the search site, without a slash at the end; "" where none is set. */
function tim_bao_site() {
	return defined( 'TIM_BAO_SITE' ) ? untrailingslashit( TIM_BAO_SITE ) : '';
}

/** The table of posts that are to be sent: its columns are the post and the number of its change. */
function tim_bao_table() {
	global $wpdb;
	return $wpdb->prefix . 'tim_bao_queue';
}

/** The id of a post's article: the site of a network, and the post. */
function tim_bao_id( $post_id ) {
	return 'wp-' . get_current_blog_id() . '-' . $post_id;
}

// ---------------------------------------------------------------- what is sent

/** Whether readers may find a post, now or from its date on. */
function tim_bao_is_public( $post ) {
	return $post && in_array( $post->post_status, array( 'publish', 'future' ), true )
		&& '' === $post->post_password && in_array( $post->post_type, tim_bao_post_types(), true );
}

/** The types of posts that are articles. */
function tim_bao_post_types() {
	return (array) apply_filters( 'tim_bao_post_types', array( 'post' ) );
}

/** Text without markup: a line for each paragraph. */
function tim_bao_text( $html ) {
	$html = preg_replace( '~<(script|style|figcaption)\b.*?</\1>~is', '', $html );
	$html = preg_replace( '~<br\s*/?>|</(p|div|li|h[1-6]|blockquote|tr|figure)>~i', "\n", $html );
	$text = html_entity_decode( wp_strip_all_tags( $html ), ENT_QUOTES | ENT_HTML5, 'UTF-8' );
	return trim( preg_replace( '~[ \t]*\n\s*~', "\n", $text ) );
}

/** A post as an article. */
function tim_bao_article( $post ) {
	// Filters such as those of shortcodes look at the post of the loop.
	$GLOBALS['post'] = $post;
	setup_postdata( $post );
	$html = apply_filters( 'the_content', $post->post_content );
	wp_reset_postdata();
	preg_match_all( '~<figcaption\b[^>]*>(.*?)</figcaption>~is', $html, $captions );
	$sections = get_the_category( $post->ID );
	return array_filter(
		array(
			'id'        => tim_bao_id( $post->ID ),
			'url'       => get_permalink( $post ),
			'headline'  => tim_bao_text( get_the_title( $post ) ),
			'summary'   => tim_bao_text( $post->post_excerpt ),
			'body'      => tim_bao_text( $html ),
			'captions'  => array_map( 'tim_bao_text', $captions[1] ),
			'author'    => get_the_author_meta( 'display_name', $post->post_author ),
			'published' => get_post_time( 'c', true, $post ),
			'section'   => $sections ? tim_bao_text( $sections[0]->name ) : '',
			'source'    => tim_bao_text( get_bloginfo( 'name' ) ),
			'image'     => (string) get_the_post_thumbnail_url( $post, 'large' ),
		)
	);
}

// ---------------------------------------------------------------- the queue

/** Note that a post has changed. */
function tim_bao_note( $post_id ) {
	global $wpdb;
	$table = tim_bao_table();
	$wpdb->query(
		$wpdb->prepare(
			"INSERT INTO {$table} (post_id, version) VALUES (%d, 1) ON DUPLICATE KEY UPDATE version = version + 1",
			$post_id
		)
	);
	if ( ! has_action( 'shutdown', 'tim_bao_send' ) ) {
		add_action( 'shutdown', 'tim_bao_send' );
	}
}

/** How many posts are to be sent. */
function tim_bao_waiting() {
	global $wpdb;
	return (int) $wpdb->get_var( 'SELECT COUNT(*) FROM ' . tim_bao_table() );
}

/** Send a request; returns the status, or 0 if there was no answer. */
function tim_bao_ask( $method, $path, $body = null ) {
	$answer = wp_remote_request(
		tim_bao_site() . '/api/v1/articles' . $path,
		array(
			'method'  => $method,
			'timeout' => TIM_BAO_TIMEOUT,
			'headers' => array(
				'X-API-Key'    => TIM_BAO_KEY,
				'Content-Type' => 'application/json',
			),
			'body'    => $body,
		)
	);
	return is_wp_error( $answer ) ? 0 : (int) wp_remote_retrieve_response_code( $answer );
}

/** Send one batch of what waits; returns how many posts of it were taken, or -1 for none now. */
function tim_bao_send_batch() {
	global $wpdb;
	$table = tim_bao_table();
	$rows  = $wpdb->get_results( $wpdb->prepare( "SELECT post_id, version FROM {$table} ORDER BY post_id LIMIT %d", TIM_BAO_BATCH ) );
	if ( ! $rows ) {
		return 0;
	}
	$put   = array();
	$gone  = array();
	$bytes = 0;
	foreach ( $rows as $number => $row ) {
		if ( $bytes > TIM_BAO_BYTES ) {
			$rows = array_slice( $rows, 0, $number );
			break;
		}
		clean_post_cache( (int) $row->post_id );
		$post = get_post( (int) $row->post_id );
		if ( tim_bao_is_public( $post ) ) {
			$put[]  = wp_json_encode( tim_bao_article( $post ), JSON_INVALID_UTF8_SUBSTITUTE );
			$bytes += strlen( end( $put ) );
		} else {
			$gone[] = tim_bao_id( (int) $row->post_id );
		}
	}
	$asked = array();
	if ( $put ) {
		$asked[] = tim_bao_ask( 'POST', '', '[' . implode( ',', $put ) . ']' );
	}
	if ( $gone ) {
		$asked[] = tim_bao_ask( 'DELETE', '?ids=' . rawurlencode( implode( ',', $gone ) ) );
	}
	foreach ( $asked as $status ) {
		if ( 202 !== $status ) {
			error_log( "Tìm Báo: answered {$status}; what waits is sent later" ); // phpcs:ignore
			return -1;
		}
	}
	foreach ( $rows as $row ) {
		// A post that has changed meanwhile has another version, and stays.
		$wpdb->delete( $table, array( 'post_id' => $row->post_id, 'version' => $row->version ) );
	}
	return count( $rows );
}

/** Send what waits, batch by batch, until there is nothing, or the search site does not take it. */
function tim_bao_send() {
	if ( '' === tim_bao_site() || ! defined( 'TIM_BAO_KEY' ) ) {
		return;
	}
	do {
		$sent = tim_bao_send_batch();
	} while ( $sent > 0 );
}

/** Note every post that readers may find; returns how many wait. */
function tim_bao_note_all() {
	global $wpdb;
	$table = tim_bao_table();
	$types = implode( "','", array_map( 'esc_sql', tim_bao_post_types() ) );
	$wpdb->query(
		"INSERT INTO {$table} (post_id, version) SELECT ID, 1 FROM {$wpdb->posts} WHERE post_type IN ('{$types}')"
		. " AND post_status IN ('publish', 'future') ON DUPLICATE KEY UPDATE version = version + 1"
	);
	return tim_bao_waiting();
}

register_activation_hook(
	__FILE__,
	function () {
		global $wpdb;
		require_once ABSPATH . 'wp-admin/includes/upgrade.php';
		dbDelta(
			'CREATE TABLE ' . tim_bao_table() . " (
				post_id bigint(20) unsigned NOT NULL,
				version bigint(20) unsigned NOT NULL,
				PRIMARY KEY  (post_id)
			) {$wpdb->get_charset_collate()};"
		);
		if ( ! wp_next_scheduled( 'tim_bao_send_later' ) ) {
			wp_schedule_event( time(), 'tim_bao_minute', 'tim_bao_send_later' );
		}
	}
);

register_deactivation_hook(
	__FILE__,
	function () {
		wp_clear_scheduled_hook( 'tim_bao_send_later' );
	}
);

add_filter(
	'cron_schedules',
	function ( $schedules ) {
		$schedules['tim_bao_minute'] = array(
			'interval' => MINUTE_IN_SECONDS,
			'display'  => 'Mỗi phút (Tìm Báo)',
		);
		return $schedules;
	}
);

add_action( 'tim_bao_send_later', 'tim_bao_send' );

// Every save passes here, whatever made it; what a post looks like in the end is read when it is sent.
add_action(
	'transition_post_status',
	function ( $status, $former, $post ) {
		$public = array( 'publish', 'future' );
		$counts = in_array( $status, $public, true ) || in_array( $former, $public, true );
		if ( $counts && in_array( $post->post_type, tim_bao_post_types(), true ) ) {
			tim_bao_note( $post->ID );
		}
	},
	10,
	3
);

add_action(
	'before_delete_post',
	function ( $post_id ) {
		if ( in_array( get_post_type( $post_id ), tim_bao_post_types(), true ) ) {
			tim_bao_note( $post_id );
		}
	}
);

// ---------------------------------------------------------------- the search form

/** The element around a search form, which stays for browsers without scripts. */
function tim_bao_form( $form ) {
	if ( '' === tim_bao_site() ) {
		return $form;
	}
	wp_enqueue_script( 'tim-bao', tim_bao_site() . '/embed.js', array(), null, true );
	return '<tim-bao>' . $form . '</tim-bao>';
}

add_filter( 'get_search_form', 'tim_bao_form' );
add_filter( 'render_block_core/search', 'tim_bao_form' );

// ---------------------------------------------------------------- everything at once

add_action(
	'admin_menu',
	function () {
		add_management_page( 'Tìm Báo', 'Tìm Báo', 'manage_options', 'tim-bao', 'tim_bao_page' );
	}
);

/** The page under Tools: a button, and a bar that grows. */
function tim_bao_page() {
	$nonce = wp_create_nonce( 'tim_bao_send_all' );
	?>
	<div class="wrap">
		<h1>Tìm Báo</h1>
		<p><?php echo esc_html( tim_bao_site() ? tim_bao_site() : 'TIM_BAO_SITE chưa được đặt trong wp-config.php.' ); ?></p>
		<p>Đang chờ gửi: <strong id="tim-bao-waiting"><?php echo (int) tim_bao_waiting(); ?></strong> bài.</p>
		<p><button class="button button-primary" id="tim-bao-all">Gửi toàn bộ bài</button></p>
		<p><progress id="tim-bao-bar" value="0" max="1" hidden></progress> <span id="tim-bao-said" role="status"></span></p>
	</div>
	<script>
	document.getElementById('tim-bao-all').addEventListener('click', async (event) => {
		const bar = document.getElementById('tim-bao-bar'), said = document.getElementById('tim-bao-said');
		event.target.disabled = true;
		bar.hidden = false;
		let begins = 1, total = 0, waiting = 1;
		while (waiting) {
			const asked = new URLSearchParams({action: 'tim_bao_send_all', _ajax_nonce: <?php echo wp_json_encode( $nonce ); ?>, begins});
			const answer = await (await fetch(ajaxurl, {method: 'POST', body: asked})).json();
			if (!answer.success) {
				said.textContent = 'Máy tìm kiếm chưa nhận; phần còn lại sẽ được gửi sau.';
				break;
			}
			waiting = answer.data.waiting;
			total = Math.max(total, answer.data.total);
			begins = 0;
			bar.max = total || 1;
			bar.value = total - waiting;
			said.textContent = `${total - waiting}/${total}`;
			document.getElementById('tim-bao-waiting').textContent = waiting;
		}
		event.target.disabled = false;
	});
	</script>
	<?php
}

add_action(
	'wp_ajax_tim_bao_send_all',
	function () {
		check_ajax_referer( 'tim_bao_send_all' );
		if ( ! current_user_can( 'manage_options' ) ) {
			wp_send_json_error( null, 403 );
		}
		$total = empty( $_POST['begins'] ) ? tim_bao_waiting() : tim_bao_note_all();
		if ( tim_bao_send_batch() < 0 ) {
			wp_send_json_error();
		}
		wp_send_json_success( array( 'total' => $total, 'waiting' => tim_bao_waiting() ) );
	}
);

if ( defined( 'WP_CLI' ) && WP_CLI ) {
	/** Sends every post to the search site: wp tim-bao send */
	WP_CLI::add_command(
		'tim-bao send',
		function () {
			$total = tim_bao_note_all();
			$bar   = \WP_CLI\Utils\make_progress_bar( 'Tìm Báo', $total );
			for ( $sent = tim_bao_send_batch(); $sent > 0; $sent = tim_bao_send_batch() ) {
				$bar->tick( $sent );
			}
			$bar->finish();
			if ( tim_bao_waiting() ) {
				WP_CLI::error( tim_bao_waiting() . ' bài còn chờ; sẽ được gửi sau.' );
			}
			WP_CLI::success( "Đã gửi {$total} bài." );
		}
	);
}
