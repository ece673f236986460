<?php
/**
 * Plugin Name: Tìm Báo
 * Description: The search box of a Tìm Báo site, by the shortcode [tim_bao].
 * Version: 1.0.0
 * Requires at least: 6.3
 * Requires PHP: 7.4
 * License: MIT
 *
 * Put this file into wp-content/plugins, activate it, and write in any post or page:
 *
 *   [tim_bao]
 *   [tim_bao section="Thể thao" results="overlay"]
 *
 * The address of the search site is set in wp-config.php:
 *
 *   define( 'TIM_BAO_SITE', 'https://tim.bao.example' );
 */

if ( ! defined( 'ABSPATH' ) ) {
	exit;
}

add_shortcode(
	'tim_bao',
	function ( $given ) {
		$site = untrailingslashit( defined( 'TIM_BAO_SITE' ) ? TIM_BAO_SITE : 'https://tim.bao.example' );
		$known = array( 'lang', 'placeholder', 'section', 'source', 'results', 'per-page', 'links', 'target', 'theme' );
		$html = '<tim-bao';
		foreach ( (array) $given as $name => $value ) {
			// Shortcodes know no hyphens in names: per_page is per-page.
			$name = str_replace( '_', '-', (string) $name );
			if ( in_array( $name, $known, true ) ) {
				$html .= ' ' . $name . '="' . esc_attr( $value ) . '"';
			}
		}
		wp_enqueue_script( 'tim-bao', $site . '/embed.js', array(), null, array( 'strategy' => 'defer' ) );
		return $html . '><a href="' . esc_url( $site . '/search' ) . '">Tìm trong báo</a></tim-bao>';
	}
);
