// Stands in the page of who arrives: fetches portal.js once the page is painted, which needs nothing of it;
// after a second too, for a page that nobody sees yet.
{
  const here = document.currentScript;
  const script = document.createElement('script');
  const fetchIt = () => here.after(script); // a second time changes nothing
  script.src = here.dataset.src;
  setTimeout(fetchIt, 1000);
  new PerformanceObserver(fetchIt).observe({ type: 'paint', buffered: true });
}
