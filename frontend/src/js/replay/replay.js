document.documentElement.dataset.ready = 'replay';
