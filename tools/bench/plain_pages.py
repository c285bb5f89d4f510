"""The pages of the plain programs: the least HTML that is a form, a page that asks again, and a list."""

from __future__ import annotations

FRAGMENT = """<section id="progress" data-hx-get="/lookups/{{ token }}/progress" data-hx-trigger="load delay:2000ms">
<h2>{{ answer.request_status }}</h2><ol>{% for step in ("Address", "Providers", "Plans") %}<li>{{ step }}</li>{% endfor %}</ol></section>"""
FORM = """<!doctype html><title>Internet at an address</title><form method="post" action="/lookups">
{% for name in ("street1", "street2", "city", "state", "zip") %}<label>{{ name }} <input name="{{ name }}"></label>{% endfor %}
<button>Look up</button></form>"""
PAGE = """<!doctype html><title>Lookup</title>
<section id="progress" data-hx-get="/lookups/{{ token }}/next/progress" data-hx-trigger="load delay:2000ms"></section>"""
STATUS = """<section id="progress" data-hx-get="/lookups/{{ token }}/next/progress" data-hx-trigger="load delay:2000ms">
<h2>{{ status.agent_status.geocoding }}, {{ status.agent_status.internet }}</h2></section>"""
LIST = """<section id="progress"><h2>{{ providers|length }} providers</h2>{% for provider in providers %}
<article class="provider"><h3>{{ provider.provider_name }}</h3><table>{% for category in provider.product_catalog %}{% for plan in category.products %}
<tr><td>{{ plan.name }}</td><td>{{ plan.download_speed }}</td><td>{{ plan.upload_speed }}</td><td>{{ plan.pricing.monthly_price }}</td></tr>{% endfor %}{% endfor %}
</table></article>{% endfor %}</section>"""
PAGES = {"fragment.html": FRAGMENT, "form.html": FORM, "page.html": PAGE, "status.html": STATUS, "list.html": LIST}
"""By the names under which they are drawn."""
